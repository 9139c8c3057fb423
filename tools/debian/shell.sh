# SPDX-License-Identifier: Apache-2.0
#
# Common functions of the scripts that prepare a machine: messages, the cache,
# temporary files, root, and retries of commands. Sourced, not run.
# shellcheck shell=bash

# In services and containers HOME may be unset; then the shell gets it from the list
# of users.
[[ -n "${HOME-}" ]] || {
  unset HOME
  HOME=~
  export HOME
}

# The directory of everything that the scripts keep outside the checkout.
readonly CACHE="${XDG_CACHE_HOME:-${HOME}/.cache}/passpersist"

# The exit status of a script that fails.
FAILURE_STATUS=1

# A directory that clean_up() removes; empty if there is none.
TEMPORARY=""

say() { echo "tools/${0##*/}: $*" >&2; }

die() {
  say "$@"
  exit "${FAILURE_STATUS}"
}

# Lets one script at a time write to the cache, whichever checkout it belongs to.
# A program that a killed run has left running, such as apt, holds the lock until it
# ends. Temporary files that exist when the lock is taken belong to killed runs.
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

# Makes the temporary directory. It is in the cache, since permanent files are renamed
# from it, which works only within one file system.
make_temporary() {
  [[ -z "${TEMPORARY}" ]] || return 0
  mkdir -p "${CACHE}"
  TEMPORARY="$(mktemp -d "${CACHE}/tmp.XXXXXX")"
}

remove_temporary() {
  [[ -z "${TEMPORARY}" ]] || as_root rm -rf --one-file-system "${TEMPORARY}"
  TEMPORARY=""
}

# Runs a command, and shows its output only if it fails.
quietly() {
  make_temporary
  "$@" >"${TEMPORARY}/log" 2>&1 || {
    tail -n 30 "${TEMPORARY}/log" >&2
    return 1
  }
}

# Runs a command that needs the network, up to six times in half a minute: a proxy
# may be restarted meanwhile, a connection may break. The command itself must continue
# partly fetched files.
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

# Fails if a retry is useless: the log of the last command says that the disk is full,
# or that the server has none of the files that were not fetched.
may_succeed_later() {
  local failures
  ! grep -qE 'No space left|enough free space' "${TEMPORARY}/log" || return 1
  failures="$(grep -E '^(E: Failed to fetch|npm (ERR!|error) code)' \
    "${TEMPORARY}/log" || true)"
  [[ -z "${failures}" ]] || grep -qvE ' 404 | E404' <<<"${failures}"
}

# Fails with a message that names the purpose if this user can't become root.
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

# Renames a directory, so that no process sees half of it. If another user of the same
# cache has made the directory meanwhile, it has the same contents.
put_in_place() {
  chmod 755 "$1"
  mv --no-target-directory "$1" "$2" 2>/dev/null || [[ -d "$2" ]] ||
    die "could not move $1 to $2"
}
