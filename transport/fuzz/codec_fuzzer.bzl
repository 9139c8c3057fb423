# SPDX-License-Identifier: Apache-2.0

"""Fuzzers of codecs; see codec_fuzzer.h."""

load("@rules_cc//cc:cc_test.bzl", "cc_test")

def codec_fuzzer(name, corpus, deps):
    """Defines a test that fuzzes a codec, or replays a corpus.

    With --config=fuzz the target is a libFuzzer. As a test it runs for 20
    seconds and starts with the corpus. The following runs it for an hour:

      bazel run --config=fuzz //transport/fuzz:NAME -- -max_total_time=3600

    The fuzzer prints an input that fails in Base64; add it to the corpus as a
    file to test it in every later run. Without --config=fuzz, each file of the
    corpus is a test case.

    Args:
      name: of the test; its source is the .cc file of that name.
      corpus: the directory of inputs.
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
        # A single file, which can be copied to and run on another machine.
        linkstatic = True,
        deps = [":codec_fuzzer"] + deps + select({
            ":fuzzing": [":abort_on_failure"],
            "//conditions:default": [":corpus_replay"],
        }),
    )
