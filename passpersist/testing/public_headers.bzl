# SPDX-License-Identifier: Apache-2.0

"""A test of the headers that users include."""

load("@rules_cc//cc:cc_test.bzl", "cc_test")

def public_headers_test(name):
    """Tests that each public header of a package compiles alone.

    Each header of each public cc_library that the BUILD file has defined so far
    is compiled in a file that includes nothing else, so a header that lacks an
    include does not compile. Call the macro at the end of the BUILD file: it
    then finds new headers by itself.

    Args:
      name: the name of the cc_test.
    """
    srcs = []
    deps = []
    for rule in native.existing_rules().values():
        is_public = "//visibility:public" in rule.get("visibility", [])
        if rule["kind"] != "cc_library" or not is_public:
            continue
        deps.append(":" + rule["name"])
        for label in rule["hdrs"]:
            header = label.lstrip(":")
            target = "{}_of_{}".format(name, header.replace(".", "_"))
            native.genrule(
                name = target,
                testonly = True,
                outs = [target + ".cc"],
                cmd = "echo '#include \"{}/{}\"' > $@".format(
                    native.package_name(),
                    header,
                ),
            )
            srcs.append(target + ".cc")
    if not srcs:
        fail("there is no public header in " + native.package_name())
    cc_test(
        name = name,
        size = "small",
        srcs = srcs,
        deps = deps + ["@com_google_googletest//:gtest_main"],
    )
