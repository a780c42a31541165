"""What the command line's exit codes mean. Scripts rely on them: a number is never given another meaning."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The codes that `policy-engine` ends with; `MEANINGS` says each in a line."""

    FINE = 0
    POLICY = 1
    USAGE = 2
    FACTS = 3
    CASE = 4
    QUESTION = 5
    FAILED = 6
    CASES = 7
    COVERAGE = 8
    LAYOUT = 9
    SURVIVORS = 10
    UNREACHABLE = 11
    INTERNAL = 70
    OUTPUT = 74
    INTERRUPTED = 130
    BROKEN_PIPE = 141


MEANINGS: dict[ExitCode, str] = {
    ExitCode.FINE: "done; a decision was given, whatever its verdict (review is an answer too)",
    ExitCode.POLICY: "a policy has errors, or cannot be read",
    ExitCode.USAGE: "the command line is wrong",
    ExitCode.FACTS: "the facts cannot be read or are not JSON; with --ndjson: at least one line of them",
    ExitCode.CASE: "the facts cannot all be right: a decision was given, with the status error",
    ExitCode.QUESTION: "neither the policy nor the standard vocabulary has the question",
    ExitCode.FAILED: "test, mutate: a case came out otherwise than expected",
    ExitCode.CASES: "test, mutate: a file of cases, or the policy it is about, has errors",
    ExitCode.COVERAGE: "test: the cases cover less of the policy than --fail-under demands",
    ExitCode.LAYOUT: "fmt --check: a file would be changed",
    ExitCode.SURVIVORS: "mutate: the cases notice fewer changes than --fail-under demands",
    ExitCode.UNREACHABLE: "check: nothing is wrong but that a rule can decide in no case",
    ExitCode.INTERNAL: "a mistake in policy-engine itself",
    ExitCode.OUTPUT: "reading or writing broke off, because of a full disk for example",
    ExitCode.INTERRUPTED: "stopped with Ctrl-C",
    ExitCode.BROKEN_PIPE: "the program that read the output has gone",
}
"""With --ndjson a line that cannot be read is answered with an error document and the stream goes on; an impossible
case is answered likewise and does not change the code, since each line carries its own status."""
