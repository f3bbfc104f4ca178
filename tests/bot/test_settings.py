"""The environment's words, and the key file."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, from_env, secret
from domain.budget import UNLIMITED


def test_nothing_set_means_the_documented_defaults() -> None:
    settings = from_env({})
    assert settings.database_url == "sqlite:///data/steward.db"
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8080)
    assert settings.sqlite_path == Path("data/steward.db")
    assert settings.wechaty_endpoint == ""


def test_the_gateway_is_named_as_the_wechaty_world_names_it() -> None:
    settings = from_env(
        {"WECHATY_PUPPET_SERVICE_ENDPOINT": " 127.0.0.1:9001 ", "WECHATY_PUPPET_SERVICE_TOKEN": "insecure_token"}
    )
    assert (settings.wechaty_endpoint, settings.wechaty_token) == ("127.0.0.1:9001", "insecure_token")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STEWARD_DATABASE_URL", "mysql://root@localhost/x"),
        ("STEWARD_HTTP_PORT", "http"),
        ("STEWARD_HTTP_PORT", "65536"),
        ("STEWARD_LOG_FORMAT", "xml"),
        ("STEWARD_SEND_INTERVAL", "-1"),
        ("STEWARD_SEND_INTERVAL", "nan"),
        ("STEWARD_SEND_DAILY_CAP", "0"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        from_env({name: value})


def test_secrets_are_in_no_representation() -> None:
    settings = from_env(
        {
            "STEWARD_SECRET_KEY": "kkkkkkkk",
            "STEWARD_DATABASE_URL": "postgresql+asyncpg://steward:pppppppp@db/steward",
            "WECHATY_PUPPET_SERVICE_TOKEN": "tttttttt",
        }
    )
    shown = repr(settings)
    assert not any(word in shown for word in ("kkkkkkkk", "pppppppp", "tttttttt"))


def test_the_key_file_is_made_once_beside_the_database_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/deep/steward.db")
    key = secret(settings)
    file = tmp_path / "deep" / "steward.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(key) == 64
    assert secret(settings) == key


def test_the_key_of_the_environment_needs_no_file(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/steward.db", secret_key="from the environment")
    assert secret(settings) == "from the environment"
    assert list(tmp_path.iterdir()) == []


def test_an_emptied_key_file_is_refused_rather_than_used(tmp_path: Path) -> None:
    (tmp_path / "steward.key").write_text("\n")
    with pytest.raises(SettingsError, match=r"steward\.key"):
        secret(Settings(database_url=f"sqlite:///{tmp_path}/steward.db"))


def test_the_send_budget_follows_the_environment() -> None:
    assert from_env({"STEWARD_SEND_INTERVAL": "0"}).send_rule == UNLIMITED
    rule = from_env({"STEWARD_SEND_INTERVAL": "3", "STEWARD_SEND_DAILY_CAP": "50"}).send_rule
    assert (rule.min_interval, rule.daily_cap) == (timedelta(seconds=3), 50)
