# SPDX-License-Identifier: Apache-2.0

"""Tests with the machine's snmpd, and the agents that it starts."""

load("@rules_cc//cc:cc_binary.bzl", "cc_binary")
load("@rules_cc//cc:cc_test.bzl", "cc_test")

def snmpd_agent(name, deps = [], visibility = None):
    """A program for a pass_persist line: AgentLine() of playpen.h.

    Args:
      name: the name of its source, without ".cc".
      deps: what it uses besides the builder.
      visibility: that of the target.
    """
    cc_binary(
        name = name,
        testonly = True,
        srcs = [name + ".cc"],
        visibility = visibility,
        deps = deps + [
            "//passpersist:agent_builder",
            "//passpersist:agent_main",
            "//tools/e2e/snmpd:snmpd_agent",
            "@com_google_absl//absl/status",
            "@com_google_absl//absl/strings",
            "@com_google_absl//absl/time",
        ],
    )

def snmpd_test(name, data, deps = [], measures_time = False, size = "medium"):
    """A test of agents that snmpd starts.

    Args:
      name: the name of its source, without ".cc".
      data: the agents and other files.
      deps: what it uses besides the fixture.
      measures_time: runs while no other test runs, because an answer that comes late
          fails it.
      size: that of the test.
    """
    cc_test(
        name = name,
        size = size,
        srcs = [name + ".cc"],
        data = data,
        tags = ["requires-snmpd"] + (["exclusive"] if measures_time else []),
        deps = deps + [
            "//tools/e2e/snmpd:playpen",
            "//tools/process/testing",
            "@com_google_absl//absl/strings",
            "@com_google_absl//absl/time",
            "@com_google_googletest//:gtest_main",
        ],
    )
