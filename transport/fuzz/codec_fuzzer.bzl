# SPDX-License-Identifier: Apache-2.0

"""Fuzzers of codecs, see codec_fuzzer.h."""

load("@rules_cc//cc:cc_test.bzl", "cc_test")

def codec_fuzzer(name, corpus, deps):
    """Defines a test that fuzzes a codec, or replays a corpus.

    With --config=fuzz it is a libFuzzer, which as a test runs for a while,
    beginning with the corpus, and for as long as it is told to by

      bazel run --config=fuzz //transport/fuzz:NAME -- -max_total_time=3600

    An input at which something goes wrong is printed in Base64; as a file of
    the corpus it is tried ever after. Without that option each file of the
    corpus is a test case.

    Args:
      name: of the test; its source is the .cc file of that name.
      corpus: the folder of inputs.
      deps: the codec.
    """
    inputs = native.glob([corpus + "/*"])
    cc_test(
        name = name,
        size = "small",
        srcs = [name + ".cc"],
        args = select({
            ":fuzzing": [
                "-max_total_time=20",
                "-timeout=10",
                "-seed_inputs=" + ",".join(["$(rootpath %s)" % i for i in inputs]),
            ],
            "//conditions:default": ["$(rootpath %s)" % i for i in inputs],
        }),
        data = inputs,
        linkopts = select({
            ":fuzzing": ["-fsanitize=fuzzer"],
            "//conditions:default": [],
        }),
        # One file, which can be taken elsewhere and left to run.
        linkstatic = True,
        deps = [":codec_fuzzer"] + deps + select({
            ":fuzzing": [":abort_on_failure"],
            "//conditions:default": [":corpus_replay"],
        }),
    )
