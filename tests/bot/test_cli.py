"""The command line, as an operator types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import COMMANDS, steward

RULES = ("abuse", "advert", "complaint", "faq")
FAQ = """
entries:
  - id: refund-time
    question: 退款多久到账？
    similar: [退款要几天]
    answer: 三到五个工作日。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    (config / "faq").mkdir(parents=True)
    (config / "steward.yaml").write_text("{}\n", encoding="utf-8")
    (config / "faq" / "money.yaml").write_text(FAQ, encoding="utf-8")
    return config


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(steward, arguments, input=text, catch_exceptions=True)


def judged(
    folder: Path, *lines: dict[str, object], extra: tuple[str, ...] = ()
) -> tuple[list[dict[str, object]], Result]:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    result = run("judge", "--config", str(folder), *extra, text=text)
    return [json.loads(line) for line in result.stdout.splitlines()], result


def test_the_help_lists_every_command_and_the_exit_codes() -> None:
    shown = run("--help").stdout
    assert all(f"  {name} " in shown for name in COMMANDS)
    assert "Exit codes:" in shown


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 4


def test_every_message_has_the_four_findings_in_the_order_of_the_input(folder: Path) -> None:
    verdicts, result = judged(
        folder, {"id": "b", "text": "你好呀"}, {"id": 2, "text": "[图片]", "room": "r", "member": "m"}
    )
    assert result.exit_code == 0
    assert [verdict["id"] for verdict in verdicts] == ["b", 2]
    for verdict in verdicts:
        findings = verdict["findings"]
        assert isinstance(findings, list)
        assert [finding["rule"] for finding in findings][:4] == list(RULES)
        assert all({"rule", "score", "level", "why"} <= set(finding) for finding in findings)


def test_the_statistics_are_the_last_line_of_standard_error(folder: Path) -> None:
    _, result = judged(folder, {"text": "你好"}, {"text": "早"}, extra=("--stats",))
    figures = json.loads(result.stderr.splitlines()[-1])
    assert figures["messages"] == 2
    assert set(figures) == {"messages", "seconds", "load_seconds"}


def test_files_are_read_and_written_by_name(folder: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('\ufeff{"id": 1, "text": "你好"}\n\n{"id": 2, "text": "\\ud83d"}\n', encoding="utf-8")
    result = run("judge", "--config", str(folder), "--in", str(source), "--out", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert [json.loads(line)["id"] for line in target.read_text(encoding="utf-8").splitlines()] == [1, 2]


def test_a_line_that_is_no_message_is_named(folder: Path) -> None:
    result = run("judge", "--config", str(folder), text='{"text": "你好"}\n{"text": }\n')
    assert result.exit_code != 0
    assert "line 2" in str(result.exception)


def test_check_is_silent_about_a_sound_folder(folder: Path) -> None:
    result = run("check", "--config", str(folder))
    assert (result.exit_code, result.stdout) == (0, "")


def test_check_says_that_a_folder_holds_nothing(tmp_path: Path) -> None:
    result = run("check", "--config", str(tmp_path))
    assert result.exit_code == 0
    assert "steward.yaml:1: warning:" in result.stdout and "{}" in result.stdout


def test_check_names_file_and_line_and_exits_with_1(folder: Path) -> None:
    (folder / "faq" / "more.yaml").write_text(FAQ, encoding="utf-8")
    result = run("check", "--config", str(folder))
    assert result.exit_code == 1
    assert "faq/more.yaml:3: error:" in result.stdout
    assert "->" in result.stdout


def test_a_receipt_that_is_none_fails_the_verification(tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"
    receipt.write_text("{}", encoding="utf-8")
    result = run("draw", "verify", str(receipt))
    assert result.exit_code == 1
    assert "FAIL format" in result.stdout


def test_a_misspelled_command_is_a_usage_error() -> None:
    assert run("jugde").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("judge", "--config", "{folder}", "--in", "{broken}"), 3, "line 1"),
        (("judge", "--config", "{wrong}"), 1, "steward.yaml:1"),
        (("judge", "--config", "nowhere"), 2, "nowhere"),
    ],
)
def test_the_process_exits_with_the_documented_codes(
    arguments: tuple[str, ...], code: int, said: str, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.jsonl").write_text("no json\n", encoding="utf-8")
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "steward.yaml").write_text("bot_nmae: x\n", encoding="utf-8")
    places = {"folder": folder, "broken": tmp_path / "broken.jsonl", "wrong": tmp_path / "wrong"}
    command = [argument.format(**places) for argument in arguments]
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", *command],
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_help_needs_no_heavy_imports() -> None:
    program = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from bot.cli import steward\n"
        "CliRunner().invoke(steward, ['--help'])\n"
        "print(sorted({'aiohttp', 'sqlalchemy', 'jieba', 'grpc', 'snownlp'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
