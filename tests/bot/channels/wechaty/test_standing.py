"""Health and gaps follow from what happened and when."""

from datetime import UTC, datetime, timedelta

from bot.channels.port import Gap, Health, Login
from bot.channels.wechaty.standing import Standing

T0 = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def online() -> Standing:
    standing = Standing(T0)
    standing.online(at(1), "bot", "小管家")
    return standing


def test_the_first_login_without_trouble_has_no_gap() -> None:
    assert Standing(T0).online(at(1), "bot", "小管家") == [
        Health(Login.ONLINE, account_id="bot", account_name="小管家", since=at(1))
    ]


def test_what_was_missed_before_the_first_login_is_told_behind_it() -> None:
    standing = Standing(T0)
    standing.lost(at(1), Login.OFFLINE, "down", None)
    health, gap = standing.online(at(9), "bot", "小管家")
    assert isinstance(health, Health)
    assert gap == Gap(T0, at(9), "down")


def test_a_gap_begins_at_the_last_sign_of_life_and_comes_before_the_login() -> None:
    standing = online()
    standing.lost(at(60), Login.OFFLINE, "down", at(50))
    standing.lost(at(62), Login.OCCUPIED, "taken", at(50))
    gap, health = standing.online(at(70), "bot", "小管家")
    assert gap == Gap(at(50), at(70), "down")
    assert health == Health(Login.ONLINE, account_id="bot", account_name="小管家", since=at(70))


def test_a_logout_begins_a_gap_that_lasts_through_the_scan() -> None:
    standing = online()
    standing.logged_out(at(10), "out")
    (scanning,) = standing.scanning(at(20), "https://code", "scan")
    assert scanning == Health(Login.SCANNING, "scan", "https://code", "bot", "小管家", at(20))
    (again,) = standing.scanning(at(25), "", "scanned")
    assert again == Health(Login.SCANNING, "scanned", "https://code", "bot", "小管家", at(20))
    assert standing.waiting(at(26)) == []
    gap, _ = standing.online(at(30), "bot", "小管家")
    assert gap == Gap(at(10), at(30), "out")


def test_what_changes_nothing_is_not_told() -> None:
    standing = online()
    assert standing.online(at(5), "bot", "小管家") == []
    assert standing.online(at(6), "bot", "") == []
    assert standing.waiting(at(7)) == []
    assert standing.scanning(at(8), "https://old", "scan") == []
    assert len(standing.lost(at(9), Login.OFFLINE, "down", at(8))) == 1
    assert standing.lost(at(10), Login.OFFLINE, "down", at(8)) == []


def test_a_new_name_is_told_and_the_login_s_time_stays() -> None:
    standing = online()
    (health,) = standing.online(at(5), "bot", "大管家")
    assert health == Health(Login.ONLINE, account_id="bot", account_name="大管家", since=at(1))


def test_another_account_does_not_inherit_the_name() -> None:
    standing = online()
    (health,) = standing.online(at(5), "bot-2", "")
    assert health == Health(Login.ONLINE, account_id="bot-2", account_name="", since=at(5))
