"""How long the channel waits for what: one value, so that tests can be quicker than WeChat."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, unless a name says otherwise."""

    opening: float = 5.0
    """For the first event of a new stream; community gateways send none before Start."""
    retry: float = 2.0
    """The longest wait before the stream is opened again, and the wait while another connection holds it."""
    retry_denied: float = 30.0
    """The wait after a refusal that only an operator can mend (wrong token)."""
    payload: float = 3.0
    """A message whose content was not had in this time is passed on as unreadable."""
    lookup: float = 3.0
    """For the names and rooms that go with a message."""
    lookup_least: float = 1.0
    """What is left for them, however long the content took."""
    send: float = 30.0
    connected: float = 2.0
    """How long a send waits for a connection before it is put off."""
    ding_after: float = 20.0
    """Silence after which the gateway is asked for a sign of life."""
    ding_every: float = 10.0
    silent_after: float = 45.0
    """Silence after which the stream is torn down and opened again."""
    tick: float = 1.0
    """How often the watchdog looks."""
    lookups_per_second: float | None = 1.0
    """Refreshing of what is known already; None for no limit. What a message needs and nobody knows is always asked."""
    in_flight: int = 64
    """Message contents asked for at the same time."""
    waiting: int = 4096
    """Events that may wait for their turn; beyond it the stream is not read on."""


DEFAULT = Pace()
