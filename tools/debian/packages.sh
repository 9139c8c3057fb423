# SPDX-License-Identifier: Apache-2.0
#
# Installs missing Debian packages, also after an interrupted run. Sourced after
# shell.sh.
# shellcheck shell=bash

# update-rc.d is in a directory that only root's PATH has.
PATH="${PATH}:/usr/sbin:/sbin"

# The names of packages that tools/setup has installed, for tools/setup --remove.
readonly INSTALLED_PACKAGES="${CACHE}/installed_packages"

# Exists from before the installation of snmpd until its service is disabled.
readonly SNMPD_UNFINISHED="${CACHE}/snmpd_unfinished"

readonly POLICY=/usr/sbin/policy-rc.d
readonly POLICY_MARK="# Written by passpersist's tools/setup while it installs snmpd."

# Installs the missing packages of a list.
install_packages() {
  [[ -z "$(missing_packages "$@")" ]] || install_missing "$@"
  finish_snmpd
}

# Another user's run, with a cache of its own, may install the same packages at the
# same time, so the missing packages are determined under a lock of the machine.
install_missing() {
  local missing machine
  if command -v dpkg >/dev/null; then
    exec {machine}</var/lib/dpkg
    if ! flock --nonblock "${machine}"; then
      say "waiting for another user's run to install packages"
      flock "${machine}"
    fi
  fi
  mapfile -t missing < <(missing_packages "$@")
  if [[ ${#missing[@]} -gt 0 ]]; then
    command -v apt-get >/dev/null ||
      die "this machine lacks ${missing[*]} and has no apt-get to install them." \
        "On other systems than Debian let Bazel download what WORKSPACE and" \
        "MODULE.bazel name; this script isn't needed then."
    need_root "install ${missing[*]}"
    say "installing ${missing[*]} (may take some minutes)"
    if contains snmpd "${missing[@]}"; then forbid_services; fi
    repair_dpkg
    find_candidates "${missing[@]}"
    download "${missing[@]}"
    record_new_packages "${missing[@]}"
    install_downloaded "${missing[@]}"
  fi
  [[ -z "${machine-}" ]] || exec {machine}<&-
}

missing_packages() {
  local installed package
  # An unknown package makes dpkg-query fail, and isn't an error here.
  installed=" $(dpkg-query --show --showformat='${db:Status-Status}=${Package} ' \
    "$@" 2>/dev/null || true)"
  for package in "$@"; do
    [[ "${installed}" == *" installed=${package} "* ]] || echo "${package}"
  done
}

contains() {
  local wanted="$1" word
  shift
  for word in "$@"; do
    [[ "${word}" != "${wanted}" ]] || return 0
  done
  return 1
}

# apt's own retries continue a partly downloaded file.
apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

# A run that was killed may have left packages unpacked or half configured, after
# which apt refuses to install others.
repair_dpkg() {
  [[ -n "$(dpkg --audit)" || -n "$(ls /var/lib/dpkg/updates)" ]] || return 0
  say "an installation was interrupted on this machine: finishing that first"
  to_the_end as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a \
    >/dev/null 2>&1 || true
  to_the_end persistently apt_get install --yes --fix-broken ||
    die "apt could not finish it: see above"
}

# Runs a command that could start services. A signal to this script takes effect
# after the command: clean_up() must not allow services while the command runs.
to_the_end() {
  local status=0
  trap 'exit 143' HUP INT TERM
  "$@" || status=$?
  trap - HUP INT TERM
  return "${status}"
}

# Lists are fetched only if apt doesn't know a package: on a slow line fetching them
# takes longer than everything else, and in a container it also deletes downloaded
# packages.
find_candidates() {
  local pause unknown
  for pause in 1 2 4 8 16 0; do
    mapfile -t unknown < <(packages_without_candidate "$@")
    [[ ${#unknown[@]} -gt 0 ]] || return 0
    ! update_lists || break
    sleep "${pause}"
  done
  mapfile -t unknown < <(packages_without_candidate "$@")
  [[ ${#unknown[@]} == 0 ]] ||
    die "no archive that this machine's apt knows has ${unknown[*]}. Debian 12, 13" \
      "and sid have them in section main; this is $(release_name). (apt's" \
      "archives: /etc/apt/sources.list, /etc/apt/sources.list.d)"
}

packages_without_candidate() {
  local package
  for package in "$@"; do
    [[ "$(LC_ALL=C apt-cache policy "${package}")" == *"Candidate: "[^\(]* ]] ||
      echo "${package}"
  done
}

# "Debian GNU/Linux 12 (bookworm)"
release_name() {
  # shellcheck source=/dev/null
  (. /etc/os-release && echo "${PRETTY_NAME:-an unknown system}")
}

# Also fails for an archive that this project doesn't need, so the caller must check
# whether the lists suffice.
update_lists() {
  need_root "update apt's lists"
  # Without the option, apt succeeds even if it could fetch nothing.
  quietly apt_get update --error-on=any || {
    say "apt-get update failed, see above; going on with the lists there are"
    return 1
  }
}

# Separate from the installation, so that nothing is installed before everything is
# downloaded. Lists that are older than the archive name files that no longer exist.
download() {
  local unfetched
  local command=(apt_get install --yes --no-install-recommends --download-only "$@")
  ! persistently "${command[@]}" || return 0
  update_lists || true
  ! persistently "${command[@]}" || return 0
  unfetched="$(undownloaded)"
  die "apt could not download ${unfetched:-$*}: see above. Is there a way to a" \
    "Debian mirror from here? (/etc/apt/sources.list, /etc/apt/sources.list.d," \
    "proxy settings in /etc/apt/apt.conf.d)"
}

# Prints the packages that apt's last run could not fetch, from its log.
undownloaded() {
  sed -nE 's|^E: Failed to fetch .*/([a-z0-9.+-]+)_[^/ ]*\.deb .*|\1|p' \
    "${TEMPORARY}/log" | sort -u | paste -sd ' '
}

install_downloaded() {
  to_the_end quietly apt_get install --yes --no-install-recommends "$@" ||
    die "apt could not install $*: see above"
}

# Records the packages that apt is going to install, with their dependencies. Called
# before the installation, so that a killed run has recorded them, too.
record_new_packages() {
  # "Inst NAME (VERSION ...)"; an update is "Inst NAME [OLD] (VERSION ...)".
  LC_ALL=C apt-get --simulate install --no-install-recommends "$@" |
    awk '$1 == "Inst" && $3 ~ /^\(/ {print $2}' >>"${INSTALLED_PACKAGES}"
}

# --- snmpd ---------------------------------------------------------------------

# The tests start snmpds of their own, on ports of their own. Debian would start the
# system's snmpd at its installation; a policy-rc.d with exit status 101 prevents
# that. An existing policy-rc.d is not from this script and is kept.
forbid_services() {
  touch "${SNMPD_UNFINISHED}"
  [[ ! -e "${POLICY}" && ! -L "${POLICY}" ]] || return 0
  printf '%s\n' '#!/bin/sh' "${POLICY_MARK}" 'exit 101' |
    as_root tee "${POLICY}" >/dev/null
  as_root chmod 755 "${POLICY}"
}

# Prevents that snmpd starts at the next boot. Also finishes this step for a killed
# run.
finish_snmpd() {
  [[ -e "${SNMPD_UNFINISHED}" ]] || return 0
  if [[ -z "$(missing_packages snmpd)" ]]; then
    if command -v systemctl >/dev/null; then
      as_root systemctl disable --quiet snmpd.service >/dev/null 2>&1 || true
    elif command -v update-rc.d >/dev/null; then
      as_root update-rc.d snmpd disable >/dev/null 2>&1 || true
    fi
    say "snmpd is installed, but neither started nor enabled as a service"
  fi
  allow_services
  rm -f "${SNMPD_UNFINISHED}"
}

allow_services() {
  ! grep -qsF "${POLICY_MARK}" "${POLICY}" || as_root rm -f "${POLICY}"
}

# --- Removal ---------------------------------------------------------------------

# Removes the packages that record_new_packages() recorded, except those that some
# other package depends on.
remove_installed_packages() {
  [[ -s "${INSTALLED_PACKAGES}" ]] || return 0
  need_root "remove packages"
  if [[ -e "${SNMPD_UNFINISHED}" ]]; then forbid_services; fi
  repair_dpkg
  allow_services
  local ours unneeded=() names
  # shellcheck disable=SC2016  # dpkg-query replaces them.
  mapfile -t ours < <(sort -u "${INSTALLED_PACKAGES}" |
    xargs --no-run-if-empty dpkg-query --show \
      --showformat='${db:Status-Status} ${Package}\n' 2>/dev/null |
    awk '$1 != "not-installed" {print $2}' | sort -u)
  [[ ${#ours[@]} -gt 0 ]] || return 0
  names="$(unneeded_packages "${ours[@]}")"
  if [[ -n "${names}" ]]; then
    mapfile -t unneeded <<<"${names}"
    quietly apt_get purge --yes "${unneeded[@]}" ||
      die "apt could not remove ${unneeded[*]}: see above"
  fi
  say "removed ${#unneeded[@]} of the ${#ours[@]} packages that it had installed" \
    "or taken along; others need the rest"
}

# Prints the packages of a list that no package outside the list depends on. apt
# finds them, with a list that marks all other packages as needed. A recommendation
# or suggestion is not a dependency.
unneeded_packages() {
  local options=(
    -o "Dir::State::extended_states=${TEMPORARY}/extended_states"
    -o "APT::AutoRemove::RecommendsImportant=false"
    -o "APT::AutoRemove::SuggestsImportant=false"
  )
  as_root touch "${TEMPORARY}/extended_states"
  quietly as_root apt-mark "${options[@]}" auto "$@" ||
    die "apt-mark failed: see above"
  LC_ALL=C apt-get "${options[@]}" --simulate autoremove |
    awk '$1 == "Remv" {print $2}' | sed 's/:.*//' | sort -u
}

# --- Archives --------------------------------------------------------------------

# Prints "URI|RELEASE|COMPONENT|KEYRING" of each archive that has the package; its
# source is there, too. KEYRING is empty for apt's default.
archives_with() {
  local package="$1" lines
  find_candidates "${package}"
  lines="$(list_archives_with "${package}")"
  [[ -n "${lines}" ]] || die "apt does not say where ${package} is from" \
    "(apt-cache madison ${package})"
  echo "${lines}"
}

# shellcheck disable=SC2016  # apt replaces the names.
list_archives_with() {
  local uri release component signed_by places
  # "http://archive/debian bookworm/main amd64 Packages"
  places="$(apt-cache madison "$1" | awk -F'|' '{print $3}')"
  while IFS='|' read -r uri release component signed_by; do
    grep -qF " ${uri%/} ${release}/${component} " <<<"${places}" || continue
    # If the field is empty, apt prints its name.
    [[ "${signed_by}" == /* ]] || signed_by=""
    echo "${uri}|${release}|${component}|${signed_by}"
  done < <(apt-get indextargets \
    --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)' \
    'Created-By: Packages') | sort -u
}
