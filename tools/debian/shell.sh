# SPDX-License-Identifier: Apache-2.0
#
# What the scripts that prepare a machine have in common: messages, the cache,
# temporary files, root, and commands that are tried again. Sourced, not run.
# shellcheck shell=bash

# Services and containers may leave HOME unset; the shell then knows it from the
# list of users.
[[ -n "${HOME-}" ]] || {
  unset HOME
  HOME=~
  export HOME
}

# Everything that the scripts keep outside the checkout.
readonly CACHE="${XDG_CACHE_HOME:-${HOME}/.cache}/passpersist"

# The exit status of a script that gives up.
FAILURE_STATUS=1

# A folder that clean_up() removes; empty while there is none.
TEMPORARY=""

say() { echo "tools/${0##*/}: $*" >&2; }

die() {
  say "$@"
  exit "${FAILURE_STATUS}"
}

# Lets one script at a time write to the cache, whichever checkout it belongs to.
# A program that a killed run has left behind, such as apt, holds the lock until it
# ends. The temporary files that are there under the lock belong to killed runs.
lock_cache() {
  mkdir -p "${CACHE}"
  exec {LOCK}>"${CACHE}/lock"
  if ! flock --nonblock "${LOCK}"; then
    say "waiting for another run of tools/setup or tools/on_debian"
    flock "${LOCK}"
  fi
  local leftover
  for leftover in "${CACHE}"/tmp.*; do
    [[ ! -d "${leftover}" ]] || as_root rm -rf --one-file-system "${leftover}"
  done
}

unlock_cache() { exec {LOCK}>&-; }

# Makes the temporary folder. It lies in the cache, since what becomes permanent is
# renamed, which works within one file system only.
make_temporary() {
  [[ -z "${TEMPORARY}" ]] || return 0
  mkdir -p "${CACHE}"
  TEMPORARY="$(mktemp -d "${CACHE}/tmp.XXXXXX")"
}

remove_temporary() {
  [[ -z "${TEMPORARY}" ]] || as_root rm -rf --one-file-system "${TEMPORARY}"
  TEMPORARY=""
}

# Runs a command, the output of which is shown only if the command fails.
quietly() {
  make_temporary
  "$@" >"${TEMPORARY}/log" 2>&1 || {
    tail -n 30 "${TEMPORARY}/log" >&2
    return 1
  }
}

# Runs a command that needs the network, up to six times in half a minute: a proxy
# may be restarted meanwhile, a connection may break. To go on with what has been
# fetched is the command's part.
persistently() {
  local pause
  for pause in 1 2 4 8 16; do
    ! quietly "$@" || return 0
    may_succeed_later || return 1
    say "trying again in ${pause} s"
    sleep "${pause}"
  done
  quietly "$@"
}

# False where the log of the last command says that the disk is full, or of everything
# that was not fetched that the server does not have it.
may_succeed_later() {
  local failures
  ! grep -qE 'No space left|enough free space' "${TEMPORARY}/log" || return 1
  failures="$(grep -E '^(E: Failed to fetch|npm (ERR!|error) code)' \
    "${TEMPORARY}/log" || true)"
  [[ -z "${failures}" ]] || grep -qvE ' 404 | E404' <<<"${failures}"
}

# Dies with a message that says what for, where this user cannot become root.
need_root() {
  [[ "$(id -u)" == 0 ]] || command -v sudo >/dev/null ||
    die "must be root to $*: run it as root once, or install sudo"
}

as_root() {
  if [[ "$(id -u)" == 0 ]]; then
    "$@"
  else
    sudo "$@"
  fi
}

# Renames a folder, so that nobody sees half of it. What another user of the same
# cache has put there meanwhile has the same content.
put_in_place() {
  chmod 755 "$1"
  mv --no-target-directory "$1" "$2" 2>/dev/null || [[ -d "$2" ]] ||
    die "could not move $1 to $2"
}
