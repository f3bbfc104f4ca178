"""How console users may be called: names that can be typed behind an @ and read as one name."""

LONGEST_NAME = 40
LONGEST_SHOWN = 20
"""Members read it in a chat."""
_NOT_IN_NAMES = frozenset("@#{}【】")


def usable_name(name: str) -> bool:
    """Whether a user may sign in under this name."""
    return 1 <= len(name) <= LONGEST_NAME and _plain(name)


def sayable(shown: str) -> bool:
    """Whether members may hear of a user by this name; empty is the sign-in name."""
    return len(shown) <= LONGEST_SHOWN and _plain(shown)


def _plain(name: str) -> bool:
    return name.isprintable() and not set(name) & _NOT_IN_NAMES
