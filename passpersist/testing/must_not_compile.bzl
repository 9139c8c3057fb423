# SPDX-License-Identifier: Apache-2.0

"""A test of what the compiler says about errors of its user."""

# Checks one log of the compiler, whose last line is its exit code. An error of
# a static_assert names the cure only if no other errors hide it.
_CHECK = """
check() {
  if [[ "$(tail -n 1 "$2")" == 0 ]]; then
    echo "$1 compiles"
  elif ! grep -qF -- "$3" "$2"; then
    echo "$1 does not compile, but without the text \\"$3\\":"
    cat "$2"
  elif [[ "$(grep -cE ':[0-9]+: (fatal )?error: ' "$2")" != 1 ]]; then
    echo "$1 causes more than one error:"
    cat "$2"
  else
    return 0
  fi
  failed=1
}
failed=0
"""

# rules_cc of Debian 12 has no files to load cc_common and CcInfo from.
# buildifier: disable=native-cc-common
# buildifier: disable=native-cc-info
def _compile(ctx, case):
    """Returns the log of a compilation in which the macro `case` is defined."""
    toolchain = ctx.attr._cc_toolchain[cc_common.CcToolchainInfo]
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    headers = cc_common.merge_cc_infos(
        cc_infos = [dep[CcInfo] for dep in ctx.attr.deps],
    ).compilation_context
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        source_file = ctx.file.src.path,
        user_compile_flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts + [
            "-fsyntax-only",
            "-fdiagnostics-color=never",
            "-D" + case,
        ],
        include_directories = headers.includes,
        quote_include_directories = headers.quote_includes,
        system_include_directories = headers.system_includes,
        preprocessor_defines = headers.defines,
    )
    action = "c++-compile"
    log = ctx.actions.declare_file("{}.{}.log".format(ctx.label.name, case))
    ctx.actions.run_shell(
        inputs = depset(
            [ctx.file.src],
            transitive = [headers.headers, toolchain.all_files],
        ),
        outputs = [log],
        # LC_ALL: messages in English.
        command = 'log="$1"; shift; LC_ALL=C "$@" > "$log" 2>&1; echo $? >> "$log"',
        arguments = [
            log.path,
            cc_common.get_tool_for_action(
                feature_configuration = features,
                action_name = action,
            ),
        ] + cc_common.get_memory_inefficient_command_line(
            feature_configuration = features,
            action_name = action,
            variables = variables,
        ),
        env = cc_common.get_environment_variables(
            feature_configuration = features,
            action_name = action,
            variables = variables,
        ),
        mnemonic = "MustNotCompile",
        progress_message = "Compiling {} with {}".format(ctx.file.src.short_path, case),
    )
    return log

def _must_not_compile_test_impl(ctx):
    # Without a case the source compiles: the errors are those of the cases.
    logs = [_compile(ctx, "NO_CASE")]
    lines = [
        "#!/usr/bin/env bash",
        _CHECK,
        "[[ $(tail -n 1 {log}) == 0 ]] || {{ cat {log}; failed=1; }}".format(
            log = logs[0].short_path,
        ),
    ]
    for case, text in ctx.attr.cases.items():
        logs.append(_compile(ctx, case))
        lines.append("check {} {} '{}'".format(case, logs[-1].short_path, text))
    lines.append('exit "${failed}"\n')
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, "\n".join(lines), is_executable = True)
    return [DefaultInfo(
        executable = script,
        runfiles = ctx.runfiles(files = logs),
    )]

# buildifier: disable=native-cc-info
must_not_compile_test = rule(
    doc = """Tests that the compiler rejects code with the expected text.

The source has an #ifdef for each case. Without a case it must compile. With the
macro of a case defined the compiler must report exactly one error, and its
output must contain the expected text, for example that of a static_assert.
""",
    implementation = _must_not_compile_test_impl,
    attrs = {
        "cases": attr.string_dict(
            doc = "The macro of each case, and the text that is expected of it.",
            mandatory = True,
        ),
        "deps": attr.label_list(providers = [CcInfo]),
        "src": attr.label(allow_single_file = [".cc"], mandatory = True),
        "_cc_toolchain": attr.label(
            default = "@bazel_tools//tools/cpp:current_cc_toolchain",
        ),
    },
    fragments = ["cpp"],
    test = True,
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)
