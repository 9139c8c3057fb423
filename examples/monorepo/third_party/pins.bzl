# SPDX-License-Identifier: Apache-2.0

"""Acme's versions of what several of its projects are built with."""

load("@bazel_tools//tools/build_defs/repo:http.bzl", "http_archive")

# Other versions than those that the agents' framework names for itself.
_PINS = {
    "com_google_absl": dict(
        sha256 = "987ce98f02eefbaf930d6e38ab16aa05737234d7afbab2d5c4ea7adbe50c28ed",
        strip_prefix = "abseil-cpp-20230802.1",
        urls = ["https://github.com/abseil/abseil-cpp/archive/refs/tags/20230802.1.tar.gz"],
    ),
    "com_google_googletest": dict(
        sha256 = "8ad598c73ad796e0d8280b082cebd82a630d73e73cd3c70057938a6501bba5d7",
        strip_prefix = "googletest-1.14.0",
        urls = ["https://github.com/google/googletest/archive/refs/tags/v1.14.0.tar.gz"],
    ),
}

def pin_dependencies():
    """Declares the repositories at acme's versions."""
    for name, archive in _PINS.items():
        http_archive(name = name, **archive)

def check_pins():
    """Fails if a repository isn't what pin_dependencies() declared.

    Called when everybody else has declared theirs: of two declarations of one
    name Bazel takes the later one without a word.
    """
    for name, archive in _PINS.items():
        declared = native.existing_rule(name)
        if list(declared["urls"]) != archive["urls"]:
            fail("{} is {}, not acme's {}".format(name, declared["urls"], archive["urls"]))
