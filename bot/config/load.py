"""A configuration folder becomes a book: built-in defaults below, the operator's files above, everything checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.config.attachments import check_attachments
from bot.config.campaigns import read_campaigns, read_rewards
from bot.config.faq import read_faq
from bot.config.files import BUILTIN, Source, content_hash, read_builtin, read_folder, read_texts_of, texts_of
from bot.config.problems import Problems
from bot.config.steward_yaml import read_steward
from bot.config.synonyms import read_synonyms
from bot.config.texts import read_texts
from bot.config.words import read_words
from domain.book import Book
from domain.calendar_day import community_day
from domain.errors import Problem


@dataclass(frozen=True, slots=True)
class Loaded:
    """A book with the texts of the operator's files (what a revision keeps) and the warnings found on the way."""

    book: Book
    texts: dict[str, str]
    warnings: tuple[Problem, ...] = ()


def load(folder: Path | str) -> Book:
    """The book of a folder; an empty one means the built-in defaults. Raises `ConfigError` with every error."""
    return load_all(folder).book


def load_all(folder: Path | str) -> Loaded:
    """Like `load`, with the file texts and the warnings."""
    problems = Problems()
    book, own = _read(Path(folder), problems)
    problems.raise_errors()
    return Loaded(book, texts_of(own), problems.sorted())


def load_texts(texts: Mapping[str, str]) -> Book:
    """The book of a stored revision's files, with today's built-in defaults below. Raises `ConfigError`."""
    problems = Problems()
    book = _book(read_texts_of(texts, problems), problems)
    problems.raise_errors()
    return book


def check_texts(texts: Mapping[str, str]) -> tuple[Book | None, tuple[Problem, ...]]:
    """Like `load_texts`, with every error and warning; no book where there is an error."""
    problems = Problems()
    book = _book(read_texts_of(texts, problems), problems)
    return None if problems.failed else book, problems.sorted()


def check(folder: Path | str, *, deep: bool = False) -> tuple[Problem, ...]:
    """Every error and warning of a folder by file and line; empty when all is well.

    ``deep``: also entries that answer each other's questions, which takes seconds for a large FAQ.
    """
    problems = Problems()
    book, _ = _read(Path(folder), problems)
    if deep and not problems.failed:
        from bot.config.collisions import warn_collisions

        warn_collisions(book, problems)
    return problems.sorted()


def _read(folder: Path, problems: Problems) -> tuple[Book, dict[str, Source]]:
    own = read_folder(folder, problems)
    book = _book(own, problems)
    check_attachments(book, folder, problems)
    return book, own


def _book(own: dict[str, Source], problems: Problems) -> Book:
    builtin = read_builtin(problems)
    rewards = read_rewards(own.get("rewards.yaml"), problems)
    deployment = read_steward(own.get("steward.yaml"), rewards, problems)
    return Book(
        content_hash=content_hash({**builtin, **own}),
        bot_name=deployment.bot_name,
        policy=deployment.policy,
        rooms=deployment.rooms,
        topics=deployment.topics,
        staff_rooms=deployment.staff_rooms,
        faq=read_faq(_below(own, "faq/"), problems, community_day(datetime.now(UTC), deployment.policy.time_zone)),
        words=read_words(_below(builtin, f"{BUILTIN}words/"), _below(own, "words/"), problems),
        texts=read_texts(builtin.get(f"{BUILTIN}texts.yaml"), own.get("texts.yaml"), problems),
        synonyms=read_synonyms(own.get("synonyms.yaml"), problems),
        campaigns=read_campaigns(own.get("campaigns.yaml"), problems),
        public_url=deployment.public_url,
    )


def _below(sources: dict[str, Source], prefix: str) -> list[Source]:
    return [source for name, source in sorted(sources.items()) if name.startswith(prefix)]
