"""Several acknowledgements of one room as one message, so that 200 check-ins are not 200 replies."""

from collections.abc import Sequence

from domain.actions import Merge

NAMES_SHOWN = 5
DETAILS_SHOWN = 3
CALM = "moderation.calm"
"""Merge key of what is said to both sides of a quarrel: in a brawl it is said once, to all."""
ADDRESSED_SHOWN = 3
"""People put in front of one answer to several."""


def render(parts: Sequence[Merge]) -> str:
    """The text for all parts (in order, same frame): up to 5 names, then 等N人; details only while they are few.

    A frame without ``{names}`` lives by its details: all of them are kept, a line each. An answer keeps its words; of
    those it is for, `addressed` are put in front, and 等N位 tells of the others.
    Raises `ValueError` without parts.
    """
    if not parts:
        raise ValueError("nothing to merge")
    frame = parts[-1].frame
    if parts[-1].addressed:
        people = len({part.member for part in parts})
        return frame if people <= ADDRESSED_SHOWN else f"等{people}位：{frame}"
    details = [part.detail for part in parts if part.detail]
    if "{names}" not in frame:
        return frame.replace("{details}", "\n".join(details)).strip()
    names = list(dict.fromkeys(part.name for part in parts))
    shown = "、".join(names[:NAMES_SHOWN])
    if len(names) > NAMES_SHOWN:
        shown += f"等{len(names)}人"
    few = details if len(parts) <= DETAILS_SHOWN else []
    return frame.replace("{details}", "；".join(few)).replace("{names}", shown).strip()


def together(answers: Sequence[Sequence[Merge]]) -> str:
    """Different answers as one message: each on its own line, behind the names of those who asked it."""
    return "\n".join(f"{_askers(parts)}：{parts[-1].frame}" for parts in answers)


def _askers(parts: Sequence[Merge]) -> str:
    names = list({part.member: part.name for part in parts}.values())
    shown = "、".join(names[:ADDRESSED_SHOWN])
    return shown if len(names) <= ADDRESSED_SHOWN else f"{shown}等{len(names)}位"


def addressed(parts: Sequence[Merge]) -> tuple[tuple[int, str], ...]:
    """Whom an answer to several is said to, as (member, name): the first ones who asked."""
    people = {part.member: part.name for part in reversed(parts) if part.addressed and part.member}
    asked = dict.fromkeys(part.member for part in parts if part.member in people)
    return tuple((member, people[member]) for member in list(asked)[:ADDRESSED_SHOWN])
