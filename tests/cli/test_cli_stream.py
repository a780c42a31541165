"""`policy-engine decide --ndjson`: in order, in bounded memory, past bad lines, and quiet when somebody stops it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

import jsonschema
import pytest
from cli_support import ROOT, SHOP, case, documents, lines, run, start

from engine.base.resources import schema
from engine.cli.exit_codes import ExitCode
from engine.facts.json_reader import MAX_BYTES

LATE = case(asked="2026-04-10T12:00:00+00:00")
STREAM = ("decide", SHOP, "return", "--ndjson")


def verdicts(output: str | bytes) -> list[str]:
    return [document["verdict"] for document in documents(output)]


def test_one_decision_a_line_in_the_order_of_the_cases() -> None:
    result = run(*STREAM, stdin=lines(case(), LATE, case(), LATE, LATE))
    assert result.exit_code == ExitCode.FINE
    assert verdicts(result.output) == ["approve", "deny", "approve", "deny", "deny"]


def test_a_line_is_what_decide_says_of_that_case_alone(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case()), "utf-8")
    alone = run("decide", SHOP, "return", str(path), "--format", "json")
    assert run(*STREAM, stdin=lines(case())).output == alone.output


def test_a_bad_line_is_answered_in_its_place_and_the_stream_goes_on() -> None:
    result = run(*STREAM, stdin=lines(case(), "{no json", '{"a": 1, "a": 2}', LATE))
    assert result.exit_code == ExitCode.FACTS
    found = documents(result.output)
    assert [one["verdict"] for one in found] == ["approve", "review", "review", "deny"]
    assert [one.get("line") for one in found] == [None, 2, 3, None]
    assert (found[1]["status"], found[1]["why"]) == ("error", ["invalid_input"])
    assert found[1]["problems"][0]["code"] == "facts-not-json"
    assert found[1]["problems"][0]["path"] == "line 2, column 2"
    assert found[2]["problems"][0]["code"] == "facts-repeated-key"


def test_an_error_document_has_the_keys_of_every_other_decision() -> None:
    good, bad = documents(run(*STREAM, stdin=lines(case(), "nonsense")).output)
    for found in (good, bad):
        jsonschema.validate(found, schema("decision"))
    assert set(bad) - set(good) == {"line"}
    assert set(good) - set(bad) == set()


def test_an_impossible_case_does_not_change_the_code() -> None:
    result = run(*STREAM, stdin=lines(case(delivered="2026-02-30"), case()))
    assert result.exit_code == ExitCode.FINE
    assert [document["status"] for document in documents(result.output)] == ["error", "decided"]


def test_a_bad_line_is_an_error_also_for_a_question_the_policy_is_silent_about() -> None:
    result = run("decide", SHOP, "lost_parcel", "--ndjson", stdin=lines("nonsense", case()))
    assert [(one["status"], one["why"]) for one in documents(result.output)] == [
        ("error", ["invalid_input"]),
        ("not_covered", ["not_spoken_of"]),
    ]


def test_empty_lines_are_passed_over_but_counted() -> None:
    result = run(*STREAM, stdin=b"\n  \r\n" + lines(case()) + b"\nnonsense")
    assert [one.get("line") for one in documents(result.output)] == [None, 5]


def test_windows_line_ends_and_a_missing_last_one_are_fine() -> None:
    data = json.dumps(case()).encode()
    assert verdicts(run(*STREAM, stdin=b"\xef\xbb\xbf" + data + b"\r\n" + data).output) == ["approve", "approve"]


def test_no_case_gives_no_decision() -> None:
    result = run(*STREAM, stdin=b"")
    assert (result.exit_code, result.output) == (ExitCode.FINE, "")


@pytest.mark.parametrize("more", [-1, 0, 1, 2, 3, 100_000])
def test_a_line_that_is_too_long_is_one_bad_line(more: int) -> None:
    data = json.dumps(case()).encode()
    long = data + b" " * (MAX_BYTES + more - len(data))
    found = documents(run(*STREAM, stdin=long + b"\n" + lines(LATE)).output)
    assert [one["verdict"] for one in found] == ["approve" if more <= 0 else "review", "deny"]
    if more > 0:
        assert (found[0]["line"], found[0]["problems"][0]["code"]) == (1, "facts-too-large")


def test_a_case_that_says_otherwise_than_an_option_is_a_bad_line() -> None:
    result = run(*STREAM, "--stage", "sent", stdin=lines(case(stage="received"), case()))
    assert result.exit_code == ExitCode.FACTS
    bad, good = documents(result.output)
    assert bad["problems"][0]["code"] == "case-option"
    assert good["stage"] == "sent"


def test_several_processes_give_the_same_answers_in_the_same_order() -> None:
    stream = lines(*([case(), LATE, "nonsense", case(stage="sent")] * 40))
    alone, together = run(*STREAM, stdin=stream), run(*STREAM, "--jobs", "2", stdin=stream)
    assert len(alone.output.splitlines()) == 160
    assert (together.output, together.exit_code) == (alone.output, alone.exit_code)


# as a process ---------------------------------------------------------------------------------------------------------


def test_each_answer_comes_before_the_next_case_is_sent() -> None:
    with start(*STREAM) as process:
        assert process.stdin and process.stdout
        for facts, verdict in ((case(), "approve"), (LATE, "deny"), (case(), "approve")):
            process.stdin.write(lines(facts))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["verdict"] == verdict
        process.stdin.close()
        assert process.wait(30) == ExitCode.FINE


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_reader_that_goes_away_ends_the_stream_quietly(tmp_path: Path, jobs: str) -> None:
    file = tmp_path / "many.ndjson"
    file.write_bytes(lines(*[case()] * 3000))
    with start(*STREAM, str(file), "--jobs", jobs) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == ExitCode.BROKEN_PIPE
        assert process.stderr.read() == b""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_the_stream_quietly_with_whole_lines(jobs: str) -> None:
    with start(*STREAM, "--jobs", jobs) as process:
        assert process.stdin and process.stdout and process.stderr
        feeding = Thread(target=feed, args=(process.stdin, lines(*[case()] * 256)))
        feeding.start()  # both pipes may fill up: who writes on while nobody reads waits for ever
        first = process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to all processes of the command
        rest = process.stdout.read()
        assert process.wait(60) == ExitCode.INTERRUPTED
        assert set(verdicts(first + rest)) == {"approve"}
        assert process.stderr.read() == b""
        feeding.join(60)


def feed(pipe: IO[bytes], data: bytes) -> None:
    """Write to a process that may end before it has read everything; leave its input open, and nothing in a buffer."""
    with suppress(OSError):
        while data:
            data = data[os.write(pipe.fileno(), data) :]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_said_in_one_line_and_is_nobodys_mistake(tmp_path: Path) -> None:
    file = tmp_path / "cases.ndjson"
    file.write_bytes(lines(case()))
    with open("/dev/full", "wb") as full, start(*STREAM, str(file), stdout=full) as process:
        assert process.wait(30) == ExitCode.OUTPUT
        assert process.stderr
        assert process.stderr.read() == b"policy-engine: reading or writing broke off: no space left on device\n"


@pytest.mark.parametrize(
    ("closed", "code"),
    [("<&-", ExitCode.USAGE), (">&-", ExitCode.BROKEN_PIPE), ("2>&-", ExitCode.FACTS)],
    ids=["standard input", "standard output", "standard error"],
)
def test_a_closed_stream_is_no_mistake_of_the_engine(closed: str, code: ExitCode) -> None:
    facts = "-" if closed == "<&-" else "nowhere.json"
    command = f"exec '{sys.executable}' -m engine.cli decide '{SHOP}' return {facts} {closed}"
    done = subprocess.run(["sh", "-c", command], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True)
    assert done.returncode == code
    assert b"internal error" not in done.stderr and b"Traceback" not in done.stderr


def test_memory_does_not_grow_with_the_number_of_cases(tmp_path: Path) -> None:
    def peak(number: int) -> int:
        file = tmp_path / "cases.ndjson"
        file.write_bytes(lines(case()) * number)
        code = (
            "import resource, sys\nfrom engine.cli.main import main\n"
            "try: main(sys.argv[1:])\n"
            "finally: sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))"
        )
        return int(_output(code, *STREAM, str(file), "--no-questions"))

    assert peak(1000) < peak(100) * 1.2


def _output(code: str, *args: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code, *args], env=env, capture_output=True, check=True, text=True)
    return done.stderr


def test_progress_is_shown_only_to_a_terminal(tmp_path: Path) -> None:
    file = tmp_path / "cases.ndjson"
    file.write_bytes(lines(case()) * 400)
    assert run(*STREAM, str(file)).stderr == ""
    screen, terminal = pty.openpty()
    with start(*STREAM, str(file), stderr=terminal) as process:
        os.close(terminal)
        assert process.stdout
        assert len(process.stdout.read().splitlines()) == 400
        shown = _read_all(screen)
    assert "cases, " in shown and "%" in shown
    assert shown.endswith("\r")


def _read_all(screen: int) -> str:
    found = b""
    while True:
        try:
            piece = os.read(screen, 4096)
        except OSError:  # the other end is closed
            piece = b""
        if not piece:
            os.close(screen)
            return found.decode()
        found += piece


def test_colour_is_for_terminals_and_no_color_turns_it_off() -> None:
    def shown(**env: str) -> str:
        screen, terminal = pty.openpty()
        with start("check", "nowhere.yaml", stdout=terminal, env={"TERM": "xterm", "NO_COLOR": "", **env}) as process:
            os.close(terminal)
            found = _read_all(screen)
            assert process.wait(30) == ExitCode.POLICY
        return found

    assert "\x1b[" in shown()
    assert "\x1b[" not in shown(NO_COLOR="1")
    assert "\x1b[" not in shown(TERM="dumb")
