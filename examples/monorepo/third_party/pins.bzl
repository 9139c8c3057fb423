# SPDX-License-Identifier: Apache-2.0

"""Acme's versions of the dependencies of several of its projects."""

load("@bazel_tools//tools/build_defs/repo:http.bzl", "http_archive")

# These versions differ from the framework's own pins.
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
    """Fails if a repository differs from its declaration in pin_dependencies().

    Called after all other declarations: of two declarations of one name Bazel
    silently takes the later one.
    """
    for name, archive in _PINS.items():
        declared = native.existing_rule(name)
        if list(declared["urls"]) != archive["urls"]:
            fail("{} is {}, not acme's {}".format(name, declared["urls"], archive["urls"]))
