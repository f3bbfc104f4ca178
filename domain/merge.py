"""Several acknowledgements of one room as one message, so that 200 check-ins are not 200 replies."""

from collections.abc import Sequence

from domain.actions import Merge

NAMES_SHOWN = 5
DETAILS_SHOWN = 3


def render(parts: Sequence[Merge]) -> str:
    """The text for all parts (in order, same frame): up to 5 names, then 等N人; details only while they are few.

    A frame without ``{names}`` lives by its details: all of them are kept, a line each.
    Raises `ValueError` without parts.
    """
    if not parts:
        raise ValueError("nothing to merge")
    frame = parts[-1].frame
    details = [part.detail for part in parts if part.detail]
    if "{names}" not in frame:
        return frame.replace("{details}", "\n".join(details)).strip()
    names = list(dict.fromkeys(part.name for part in parts))
    shown = "、".join(names[:NAMES_SHOWN])
    if len(names) > NAMES_SHOWN:
        shown += f"等{len(names)}人"
    few = details if len(parts) <= DETAILS_SHOWN else []
    return frame.replace("{details}", "；".join(few)).replace("{names}", shown).strip()
