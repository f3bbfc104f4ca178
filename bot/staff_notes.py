"""What the shell itself tells the agents' rooms, as events like all else: the day's digest and errors of an edit."""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot import logs
from bot.house import House
from bot.trouble import insist
from domain.calendar_day import local
from domain.errors import Problem
from domain.ids import NO_ROOM, AccountId, UserId
from handlers.staff.handler import DIGEST as TO_AGENTS
from handlers.text.digest import Digester
from storage import inbox, staff
from storage.views_daily import DayView, WaitingCase, day

DIGEST_TIMER = "digest.daily"
DIGEST_SPAN = timedelta(days=1)
PROBLEMS_SHOWN = 5
KEYWORDS = 5
SENTENCES = 2
LONGEST_SENTENCE = 60

_SYSTEM = UserId(0)
_log = logs.logger("staff")


class StaffNotes:
    """Puts notes for agents into an account's inbox; slow reading of texts happens in a process of its own."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._digester = Digester()
        self._writing: set[asyncio.Task[None]] = set()

    def digest_due(self, account: AccountId, at: datetime) -> None:
        """The hour of the digest has come for this account; written beside the path, because it takes seconds."""
        self._begin(self._digest(account, at), f"digest-{account}")

    def account_changed(self, account: AccountId) -> None:
        """Another account logged in, where everybody has another id: tell who has no rights until they bind again."""
        self._begin(self._suspended(account), f"suspended-{account}")

    async def book_refused(self, account: AccountId, problems: Sequence[Problem]) -> None:
        """An edit of the config folder has errors: say file, line and remedy where the operators' colleagues read."""
        errors = [problem for problem in problems if problem.level == "error"]
        lines = [f"{p.file}:{p.line} {p.message} → {p.remedy}" for p in errors[:PROBLEMS_SHOWN]]
        if len(errors) > PROBLEMS_SHOWN:
            lines.append(f"… +{len(errors) - PROBLEMS_SHOWN}")
        texts = self._house.engine.book.texts
        await self._tell(account, texts.say("config.broken", bot=self._bot, list="\n".join(lines)))

    async def close(self) -> None:
        """End the worker; a digest under way is given up."""
        for task in self._writing:
            task.cancel()
        self._digester.close()
        await asyncio.gather(*self._writing, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _suspended(self, account: AccountId) -> None:
        house = self._house
        idle = await insist(house, account, "staff", lambda: house.database.read(staff.suspended))
        if idle:
            names = "、".join(dict.fromkeys(binding.user_name for binding in idle))
            await self._tell(account, house.engine.book.texts.say("account.changed", bot=self._bot, list=names))

    @property
    def _bot(self) -> str:
        return self._house.engine.book.bot_name

    async def _digest(self, account: AccountId, at: datetime) -> None:
        try:
            await self._write_digest(account, at)
        except Exception:
            # A digest is a convenience; the log says that there was none.
            logs.line(_log, "digest", logging.ERROR, trace=True, account=account, outcome="failed")

    async def _write_digest(self, account: AccountId, at: datetime) -> None:
        book = self._house.engine.book
        view = await self._house.database.read(day, account, at - DIGEST_SPAN, at, book.staff_rooms)
        if not view.messages and not view.unresolved:
            return
        keywords = await asyncio.to_thread(self._digester.keywords, view.texts, KEYWORDS)
        sentences = await asyncio.to_thread(self._digester.summary, view.texts, SENTENCES)
        lines = [self._digest_text(view, at, keywords, sentences)]
        lines += [await self._case_line(case) for case in view.cases if case.texts]
        await self._tell(account, "\n".join(lines))
        logs.line(_log, "digest", account=account, messages=view.messages, outcome="ok")

    def _digest_text(self, view: DayView, at: datetime, keywords: Sequence[str], sentences: Sequence[str]) -> str:
        book = self._house.engine.book
        here = local(at, book.policy.time_zone)
        texts = [
            book.texts.say(
                "digest.daily",
                bot=book.bot_name,
                day=f"{here.month}月{here.day}日",
                rooms=view.rooms,
                messages=view.messages,
                members=view.members,
                opened=view.opened,
                resolved=view.resolved,
                unresolved=view.unresolved,
                sanctions=view.sanctions,
                checkins=view.checkins,
            )
        ]
        if keywords:
            texts.append(book.texts.say("digest.words", bot=book.bot_name, words="、".join(keywords)))
        if sentences:
            quoted = "".join(f"“{sentence[:LONGEST_SENTENCE]}”" for sentence in sentences)
            texts.append(book.texts.say("digest.sentences", bot=book.bot_name, sentences=quoted))
        if view.moods:
            rooms = "、".join(f"{mood.topic} {mood.messages} 条（{mood.members} 人）" for mood in view.moods)
            texts.append(book.texts.say("digest.mood", bot=book.bot_name, rooms=rooms))
        return "\n".join(texts)

    async def _case_line(self, case: WaitingCase) -> str:
        """A case in one sentence of its member's own."""
        said = await asyncio.to_thread(self._digester.summary, case.texts, 1) or case.texts[:1]
        book = self._house.engine.book
        return book.texts.say(
            "digest.case",
            bot=book.bot_name,
            case=case.number,
            name=case.member_name,
            sentence=said[0][:LONGEST_SENTENCE],
        )

    async def _tell(self, account: AccountId, text: str) -> None:
        house = self._house
        if not house.engine.book.staff_rooms:
            return
        command, now = f"{TO_AGENTS}{text}", house.clock()
        await insist(
            house,
            account,
            "staff",
            lambda: house.database.write(inbox.put_staff, account, NO_ROOM, _SYSTEM, self._bot, command, now),
        )
        house.wakes_of(account).decide.set()
