# SPDX-License-Identifier: Apache-2.0
#
# Prepares the repositories that a build needs, from Debian's packages and sources,
# and system.bazelrc, which tells Bazel where they are. Sourced after packages.sh.
#
# Differences between releases are detected from the installed files, not from the
# name of the release:
#   Bazel 4 to 6   WORKSPACE; each repository is overridden by its name
#   Bazel 7 on     MODULE.bazel; each module is overridden, and the registry is empty
# shellcheck shell=bash

# Packages with files that are copied or linked to: the prepared directory depends
# on their versions.
readonly REPOSITORY_PACKAGES=(
  bazel-bootstrap
  bazel-platforms
  bazel-rules-cc
  bazel-rules-java
  bazel-rules-proto
  bazel-skylib
  libprotobuf-dev
  patch
  protobuf-compiler
)
# For Bazel 7 on: its own modules depend on them.
readonly MODULE_PACKAGES=(
  bazel-features
  bazel-rules-license
  bazel-rules-python
)

readonly RULES=/usr/share/bazel/rules
readonly TOOLS=/usr/share/bazel/tools

readonly SOURCES="${CACHE}/sources"

prepare_repositories() {
  local folder kind=workspace
  if bazel_has_modules; then
    kind=modules
    install_packages "${MODULE_PACKAGES[@]}"
  fi
  folder="${CACHE}/$(repositories_key)"
  if [[ ! -d "${folder}" ]]; then
    say "preparing Bazel's repositories in ${folder}"
    make_temporary
    mkdir "${TEMPORARY}/repositories"
    "make_${kind}_repositories" "${TEMPORARY}/repositories"
    put_in_place "${TEMPORARY}/repositories" "${folder}"
  fi
  write_bazelrc "$("${kind}_bazelrc" "${folder}")"
}

bazel_has_modules() {
  local version
  version="$(dpkg-query --show --showformat='${Version}' bazel-bootstrap)"
  [[ "${version%%.*}" -ge 7 ]]
}

# Prints a key that changes if any source of the prepared directory changes.
repositories_key() {
  {
    cat "${ROOT}"/tools/debian/*.sh "${ROOT}"/third_party/{debian/*,*.patch}
    dpkg-query --show "${REPOSITORY_PACKAGES[@]}"
  } | sha256sum | cut -c1-16
}

make_workspace_repositories() {
  make_abseil "$1/com_google_absl"
  unpack_source googletest "$1/com_google_googletest"
  make_protobuf "$1/com_google_protobuf"
  make_rules_cc "$1/rules_cc" "$1"/com_google_*
  make_platforms "$1/platforms" "$1"/com_google_*
  # Bazel 4 needs it before any test, even without coverage.
  make_stub "$1/remote_coverage_tools" coverage_report_generator
  # "bazel query" needs it, for a configuration of GoogleTest that isn't used.
  make_stub "$1/com_googlesource_code_re2" re2
  ln -s "${RULES}/java" "$1/rules_java"
  ln -s "${RULES}/proto" "$1/rules_proto"
  ln -s "${TOOLS}/skylib" "$1/bazel_skylib"
}

workspace_bazelrc() {
  local repository
  for repository in "$1"/*; do
    echo "common --override_repository=${repository##*/}=${repository}"
  done
  echo "# What isn't here must be an error that says so, not a wait for the network."
  echo "common --experimental_repository_disable_download"
}

# The directories have the names of modules. An overridden module needs no version,
# so Debian's version replaces any required version.
make_modules_repositories() {
  mkdir "$1/modules" "$1/registry"
  echo '{}' >"$1/registry/bazel_registry.json"
  make_abseil "$1/modules/abseil-cpp"
  unpack_source googletest "$1/modules/googletest"
  make_protobuf "$1/modules/protobuf"
  printf '%s\n' 'module(name = "protobuf")' \
    'bazel_dep(name = "rules_cc")' 'bazel_dep(name = "rules_proto")' \
    >"$1/modules/protobuf/MODULE.bazel"
  make_rules_cc "$1/modules/rules_cc" "$1"/modules/{abseil-cpp,googletest}
  make_platforms "$1/modules/platforms" "$1"/modules/{abseil-cpp,googletest}
  ln -s "${RULES}/java" "$1/modules/rules_java"
  ln -s "${RULES}/license" "$1/modules/rules_license"
  ln -s "${RULES}/proto" "$1/modules/rules_proto"
  ln -s "${RULES}/python" "$1/modules/rules_python"
  ln -s "${TOOLS}/features" "$1/modules/bazel_features"
  ln -s "${TOOLS}/skylib" "$1/modules/bazel_skylib"
  local stub
  for stub in apple_support re2 zlib; do
    make_stub "$1/modules/${stub}" "${stub}"
  done
  make_buildozer "$1/modules/buildozer"
}

modules_bazelrc() {
  local module
  echo "common --enable_bzlmod"
  echo "common --noenable_workspace"
  echo "common --registry=file://$1/registry"
  echo "common --lockfile_mode=off"
  echo "common --check_direct_dependencies=off"
  for module in "$1"/modules/*; do
    echo "common --override_module=${module##*/}=${module}"
  done
}

# Writes the file only if its text differs: a new date would look like a change. Bazel
# sees the old file or the new one, never a part.
write_bazelrc() {
  local text="# Written by tools/setup; changes are lost."$'\n'"$1"
  if [[ "${text}" != "$(cat "${ROOT}/system.bazelrc" 2>/dev/null)" ]]; then
    { echo "${text}" >"${ROOT}/system.bazelrc.new" &&
      mv "${ROOT}/system.bazelrc.new" "${ROOT}/system.bazelrc"; } ||
      die "can't write system.bazelrc in ${ROOT}, which tells Bazel where the" \
        "repositories are"
  fi
}

# --- Sources -----------------------------------------------------------------------

# Unpacks the upstream archive of a source package, without Debian's patches.
unpack_source() {
  local package="$1" folder="$2" archive
  archive="$(source_archive "${package}")"
  if [[ -z "${archive}" ]]; then
    download_sources
    archive="$(source_archive "${package}")"
  fi
  [[ -n "${archive}" ]] || die "no source archive of ${package} was downloaded"
  mkdir "${folder}"
  tar --extract --file "${archive}" --directory "${folder}" --strip-components=1
  [[ -f "${folder}/BUILD.bazel" || -f "${folder}/absl/BUILD.bazel" ]] ||
    die "${archive} has no Bazel files"
}

source_archive() {
  find "$(sources_folder)" -name "$1_*.orig.tar.*" -print -quit 2>/dev/null || true
}

# The directory of the sources, one for each release, so that a newer version of this
# script finds them again.
sources_folder() {
  # shellcheck source=/dev/null
  (. /etc/os-release && echo "${SOURCES}/${ID:-unknown}-${VERSION_CODENAME:-unknown}")
}

# Downloads source packages, from the archives of this machine's binary packages. The
# machine's own configuration usually has no sources, and stays unchanged: apt uses
# lists and settings in a directory of its own. apt checks signatures and checksums
# as usual. Files that an interrupted run has fetched are not fetched again.
download_sources() {
  say "downloading the sources of Abseil and GoogleTest"
  make_temporary
  local apt="${TEMPORARY}/apt" partial options
  partial="$(sources_folder).partial"
  mkdir -p "${apt}/lists/partial" "${apt}/cache/archives/partial" "${partial}"
  source_lines >"${apt}/sources.list"
  options=(
    -o "Acquire::Retries=3"
    -o "Dir::Etc::SourceList=${apt}/sources.list"
    -o "Dir::Etc::SourceParts=-"
    -o "Dir::State::Lists=${apt}/lists"
    -o "Dir::Cache=${apt}/cache"
    # As root, apt would download as a user who can't write here.
    -o "APT::Sandbox::User=root"
  )
  if ! persistently apt-get "${options[@]}" update --error-on=any ||
    ! (cd "${partial}" && persistently apt-get "${options[@]}" source \
      --download-only --tar-only abseil googletest); then
    die "apt could not download the source packages abseil and googletest: see" \
      "above. Is there a way to a Debian mirror from here, and does it have" \
      "sources?"
  fi
  rm -rf "$(sources_folder)"
  put_in_place "${partial}" "$(sources_folder)"
}

# Prints a "deb-src" line for each archive that has the binary packages of these
# sources.
source_lines() {
  local package uri release component signed_by
  for package in libabsl-dev libgtest-dev; do
    while IFS='|' read -r uri release component signed_by; do
      echo "deb-src ${signed_by:+[signed-by=${signed_by}] }${uri} ${release} ${component}"
    done < <(archives_with "${package}")
  done | sort -u
}

# --- Single repositories -----------------------------------------------------------

# Abseil requests that each of its headers is compiled alone, which Bazel 7 does. That
# would be more than half of all compilations of a build.
make_abseil() {
  unpack_source abseil "$1"
  find "$1" -name BUILD.bazel -exec sed -i '/^ *"parse_headers",$/d' {} +
  apply_patch_if_it_fits abseil_tsan.patch "$1" \
    "Abseil from 2023 on needs none; with an older one --config=tsan reports false races"
}

# Applies a patch that WORKSPACE applies to upstream's archives, too.
apply_patch() {
  patch --silent --strip=1 --directory="$2" <"${ROOT}/third_party/$1" >&2 ||
    die "third_party/$1 doesn't apply to $2"
}

# Applies a patch, or prints a message and skips it if it doesn't apply.
apply_patch_if_it_fits() {
  if patch --silent --strip=1 --directory="$2" --dry-run \
    <"${ROOT}/third_party/$1" >/dev/null 2>&1; then
    apply_patch "$1" "$2"
  else
    say "third_party/$1 doesn't apply to this release's sources and is left out." \
      "$3"
  fi
}

# Makes links, so that a corrected header can replace Debian's: under the thread
# sanitizer, map_field.h gives a class another layout than in the library, which is
# compiled without the sanitizer, and programs crash.
make_protobuf() {
  local header=google/protobuf/map_field.h
  mkdir -p "$1/include"
  touch "$1/WORKSPACE"
  cp "${ROOT}/third_party/debian/protobuf.BUILD" "$1/BUILD.bazel"
  cp --recursive --symbolic-link /usr/include/google "$1/include/google"
  rm "$1/include/${header}"
  sed 's/^#if defined(__SANITIZE_THREAD__).*/#if 0  \/\/ As in the library./' \
    "/usr/include/${header}" >"$1/include/${header}"
  ln -s /usr/bin/protoc "$1/protoc.sh"
  printf '%s\n' 'def protobuf_deps():' '    pass' >"$1/protobuf_deps.bzl"
  apply_patch protobuf_rules.patch "$1"
}

# Copies Debian's rules_cc. It is newer than Bazel 4, which lacks a function that it
# loads. It may lack files of single rules and compilers that the sources (the further
# arguments) load.
make_rules_cc() {
  local folder="$1" file name
  shift
  cp -r "${RULES}/cc" "${folder}"
  for file in "${folder}"/cc/private/rules_impl/{compiler_flag,cc_flags_supplier}.bzl; do
    [[ ! -e "${file}" ]] || sed -i \
      -e 's/, "use_cpp_toolchain")/)/' \
      -e 's|use_cpp_toolchain()|["@bazel_tools//tools/cpp:toolchain_type"]|' \
      "${file}"
  done
  [[ -e "${folder}/cc/cc_library.bzl" ]] || apply_patch rules_cc_rules.patch "${folder}"
  file="${folder}/cc/compiler/BUILD"
  for name in $(undeclared "${file}" @rules_cc//cc/compiler "$@"); do
    printf '%s\n' 'config_setting(' "    name = \"${name}\"," \
      "    flag_values = {\"@bazel_tools//tools/cpp:compiler\": \"${name}\"}," \
      ')' >>"${file}"
  done
}

# Copies Debian's platforms, and adds the systems and processors that it lacks and the
# sources (the further arguments) use.
make_platforms() {
  local folder="$1" kind file name
  shift
  cp -r "${TOOLS}/platforms" "${folder}"
  for kind in cpu os; do
    file="${folder}/${kind}/BUILD"
    for name in $(undeclared "${file}" "@platforms//${kind}" "$@"); do
      printf '%s\n' 'constraint_value(' "    name = \"${name}\"," \
        "    constraint_setting = \":${kind}\"," ')' >>"${file}"
    done
  done
}

# Prints the names in a package, given by its BUILD file and its label, that the build
# files of some directories use and that the package doesn't declare.
undeclared() {
  local file="$1" label="$2" name
  shift 2
  [[ -e "${file}" ]] || return 0
  { grep -rhoE --include='BUILD*' --include='*.bzl' "${label}:[A-Za-z0-9_-]+" "$@" || true; } |
    sed 's/.*://' | sort -u | while read -r name; do
    grep -qF "name = \"${name}\"" "${file}" || echo "${name}"
  done
}

# Makes a repository with one empty target, for a repository that is required but not
# used.
make_stub() {
  local folder="$1" target="$2"
  mkdir "${folder}"
  touch "${folder}/WORKSPACE"
  echo "module(name = \"${folder##*/}\")" >"${folder}/MODULE.bazel"
  printf '%s\n' 'filegroup(' "    name = \"${target}\"," \
    '    visibility = ["//visibility:public"],' ')' >"${folder}/BUILD.bazel"
}

# Bazel's own module file takes a repository of this name from an extension.
make_buildozer() {
  make_stub "$1" buildozer
  cat >"$1/buildozer_binary.bzl" <<'END'
def _repository_impl(ctx):
    ctx.file("BUILD.bazel", "")

_repository = repository_rule(_repository_impl)

buildozer_binary = module_extension(
    lambda ctx: _repository(name = "buildozer_binary"),
)
END
}
