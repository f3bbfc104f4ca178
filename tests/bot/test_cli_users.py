"""`steward user`: the command line's way to who may sign in."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import steward
from domain.errors import StewardError


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEWARD_DATABASE_URL", f"sqlite:///{tmp_path}/steward.db")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(steward, ("user", *arguments))


def test_a_user_is_added_listed_kept_out_and_let_in_again() -> None:
    assert run("add", "root", "--role", "admin").exit_code == 0
    assert len(run("add", "小林").stdout.strip()) == 19
    run("role", "小林", "lead")
    assert run("disable", "小林").exit_code == 0
    root, lin = run("list").stdout.splitlines()
    assert root.startswith("root  admin  since ") and "never signed in" in root
    assert lin.startswith("小林  lead, kept out")
    run("enable", "小林")
    assert "kept out" not in run("list").stdout


def test_a_lost_password_is_replaced() -> None:
    first = run("add", "root", "--role", "admin").stdout
    second = run("password", "root").stdout
    assert len(second.strip()) == 19 and first != second


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("disable", "root"), "only admin"),
        (("role", "root", "agent"), "only admin"),
        (("disable", "nobody"), "steward user list"),
        (("add", "root"), "already"),
        (("add", "@all"), "characters"),
    ],
)
def test_what_cannot_be_done_is_explained(arguments: tuple[str, ...], said: str) -> None:
    run("add", "root", "--role", "admin")
    result = run(*arguments)
    assert isinstance(result.exception, StewardError) and said in str(result.exception)


def test_an_unknown_role_is_a_usage_error() -> None:
    assert run("role", "root", "wizard").exit_code == 2
