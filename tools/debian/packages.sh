# SPDX-License-Identifier: Apache-2.0
#
# Debian's packages: what is missing gets installed, whatever happened to the run
# before. Sourced after shell.sh.
# shellcheck shell=bash

# update-rc.d lies where only root looks.
PATH="${PATH}:/usr/sbin:/sbin"

# Names of packages that tools/setup has installed, for tools/setup --remove.
readonly INSTALLED_PACKAGES="${CACHE}/installed_packages"

# Exists from before the installation of snmpd until its service is disabled.
readonly SNMPD_UNFINISHED="${CACHE}/snmpd_unfinished"

readonly POLICY=/usr/sbin/policy-rc.d
readonly POLICY_MARK="# Written by passpersist's tools/setup while it installs snmpd."

# Installs those of the packages that are not installed.
install_packages() {
  [[ -z "$(missing_packages "$@")" ]] || install_missing "$@"
  finish_snmpd
}

# Another user's run, with a cache of its own, may install the same packages at the
# same time, so what is missing is found out under a lock of the machine.
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

# apt's own retries go on with the part of a file that is there.
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

# Runs a command that may start services. A signal to this script takes effect after
# the command: clean_up() must not allow services while the command is running.
to_the_end() {
  local status=0
  trap 'exit 143' HUP INT TERM
  "$@" || status=$?
  trap - HUP INT TERM
  return "${status}"
}

# Lists are fetched only where apt does not know a package: fetching them takes
# longer than all else on a slow line, and in a container it also deletes what has
# been downloaded.
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

# Also fails for an archive that has nothing to do with this project, so whether
# the lists suffice is for the caller to find out.
update_lists() {
  need_root "update apt's lists"
  # Without the option, apt calls it a success when nothing could be fetched.
  quietly apt_get update --error-on=any || {
    say "apt-get update failed, see above; going on with the lists there are"
    return 1
  }
}

# Separate from the installation, so that nothing is installed before everything
# is there. Lists that are older than the archive name files that are gone.
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

# The packages that the log of apt's last run names as not fetched.
undownloaded() {
  sed -nE 's|^E: Failed to fetch .*/([a-z0-9.+-]+)_[^/ ]*\.deb .*|\1|p' \
    "${TEMPORARY}/log" | sort -u | paste -sd ' '
}

install_downloaded() {
  to_the_end quietly apt_get install --yes --no-install-recommends "$@" ||
    die "apt could not install $*: see above"
}

# Notes the packages that apt is going to install, with their dependencies. A run that
# is killed during the installation has noted them, too.
record_new_packages() {
  # "Inst NAME (VERSION ...)"; an update is "Inst NAME [OLD] (VERSION ...)".
  LC_ALL=C apt-get --simulate install --no-install-recommends "$@" |
    awk '$1 == "Inst" && $3 ~ /^\(/ {print $2}' >>"${INSTALLED_PACKAGES}"
}

# --- snmpd ---------------------------------------------------------------------

# The tests start daemons of their own, on ports of their own. Debian would start
# the system's as soon as it is installed; a policy-rc.d that says 101 prevents
# that. One that is there already belongs to somebody else.
forbid_services() {
  touch "${SNMPD_UNFINISHED}"
  [[ ! -e "${POLICY}" && ! -L "${POLICY}" ]] || return 0
  printf '%s\n' '#!/bin/sh' "${POLICY_MARK}" 'exit 101' |
    as_root tee "${POLICY}" >/dev/null
  as_root chmod 755 "${POLICY}"
}

# Nor may snmpd start with the machine the next time. Also finishes what a run that
# was killed has begun.
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

# Removes the packages that record_new_packages() noted, except those that some
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

# Those of the packages that none but the others of them depends on. apt finds them,
# with a list of its own that says that no other package may go. A package that
# another one only recommends or suggests is not needed.
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

# "URI|RELEASE|COMPONENT|KEYRING" of each archive that has the package, in which its
# source is, too. KEYRING is empty where apt's default is used.
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
    # Where there is none, apt prints the name of the field.
    [[ "${signed_by}" == /* ]] || signed_by=""
    echo "${uri}|${release}|${component}|${signed_by}"
  done < <(apt-get indextargets \
    --format '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)' \
    'Created-By: Packages') | sort -u
}
