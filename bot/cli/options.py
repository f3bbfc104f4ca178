"""Options that several commands share."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
F = TypeVar("F", bound=Callable[..., Any])


def config_option(command: F) -> F:
    """``--config DIR``: the folder with steward.yaml, faq/, words/ and the others."""
    return click.option(
        "--config",
        "folder",
        metavar="DIR",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default="config",
        show_default=True,
        help="The config folder: steward.yaml, faq/, words/, texts.yaml, campaigns.yaml.",
    )(command)


class Since(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A time in the past: ``7d``, ``12h``, ``30m``, or an ISO 8601 date or time (without a zone: UTC)."""

    name = "since"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant (aware)."""
        if isinstance(value, datetime):
            return value
        span = re.fullmatch(r"([0-9]{1,4})([dhm])", str(value))
        if span is not None:
            return datetime.now(UTC) - timedelta(**{_UNITS[span[2]]: int(span[1])})
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time; write 7d, 12h or 2026-10-01", param, ctx)
        return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


SINCE = Since()
