"""Revisions in the console: the difference, the replay, and the way back."""

from datetime import timedelta

from storage import books
from storage.columns import dump
from storage.database import Connection
from storage.tables.path import INBOX
from tests.bot.config.folder import write
from tests.console.desk import House

OLD = {"steward.yaml": "{}", "faq/a.yaml": "entries:\n  - {id: a, question: 几点开门, answer: 九点}\n"}


async def published(house: House) -> int:
    """A second revision, and a folder that differs from it."""

    def put(conn: Connection) -> int:
        return books.save_revision(conn, "cd" * 32, "运营", OLD, house.now + timedelta(seconds=1))

    write(house.folder / "config", OLD | {"faq/a.yaml": OLD["faq/a.yaml"].replace("九点", "<b>十点")})
    return await house.database.write(put)


async def test_the_difference_between_the_folder_and_what_is_in_force_is_shown(house: House) -> None:
    await published(house)
    async with house.signed_in("阿芳") as browser:
        text = await browser.text("/console/book/diff")
        assert "版本 2" in text and "faq/a.yaml" in text
        assert "+  - {id: a, question: 几点开门, answer: &lt;b&gt;十点}" in text
        assert "回退到" not in text
        assert "没有差别" in await browser.text("/console/book/diff?old=2&new=2")


async def test_a_revision_is_brought_back_after_its_difference_was_seen(house: House) -> None:
    number = await published(house)
    async with house.signed_in("root") as browser:
        assert "回退到版本 2" in await browser.text(f"/console/book/diff?old=folder&new={number}")
        answer = await browser.post("/console/book/rollback", number=str(number))
        assert (answer.status, answer.headers["Location"]) == (303, "/console/book?notice=rolled-back")
        assert "回退配置" in await browser.text("/console/audit")
    assert (house.folder / "config/faq/a.yaml").read_text(encoding="utf-8") == OLD["faq/a.yaml"]
    (backup,) = (house.folder / "config/backups").iterdir()
    assert "十点" in (backup / "faq/a.yaml").read_text(encoding="utf-8")


async def test_who_is_no_operator_brings_nothing_back(house: House) -> None:
    await published(house)
    async with house.signed_in("阿芳") as browser:
        assert (await browser.post("/console/book/rollback", number="2")).status == 403
    assert "十点" in (house.folder / "config/faq/a.yaml").read_text(encoding="utf-8")


async def test_a_folder_that_cannot_be_written_is_said_so_and_left_alone(house: House) -> None:
    await published(house)
    (house.folder / "config/backups").write_text("in the way", encoding="utf-8")
    async with house.signed_in("root") as browser:
        answer = await browser.post("/console/book/rollback", number="2")
        assert answer.status == 400 and "写不进去" in await answer.text()
    assert "十点" in (house.folder / "config/faq/a.yaml").read_text(encoding="utf-8")


async def test_replay_waits_to_be_asked_and_names_errors_of_the_folder(house: House) -> None:
    await published(house)
    async with house.signed_in("root") as browser:
        assert "条会不一样" not in await browser.text("/console/book/replay")
        write(house.folder / "config", {"faq/a.yaml": "entries: ["})
        assert "faq/a.yaml:2: error" in await browser.text("/console/book/replay?days=7")


async def test_replay_shows_what_would_change_with_the_messages_own_words(house: House) -> None:
    await published(house)
    payload = dump({"from": [house.made.member + 1, "小红"], "text": "请问几点开门", "kind": "text", "id": "m1"})
    await house.database.write(lambda conn: conn.execute(INBOX.update().values(payload=payload, entropy=b"e" * 32)))
    async with house.signed_in("root") as browser:
        text = await browser.text("/console/book/replay?days=1")
    assert "换了答案" in text and "请问几点开门" in text and "以后答：&lt;b&gt;十点" in text
    assert "看了 1 条消息，1 条会不一样" in text


async def test_revisions_that_do_not_exist_are_not_found(house: House) -> None:
    async with house.signed_in("root") as browser:
        for named in ("99", "x", "9" * 20):
            assert (await browser.get(f"/console/book/diff?old={named}")).status == 404
        assert (await browser.post("/console/book/rollback", number="99")).status == 404
