"""What Prometheus may read at `/metrics`: counts and durations by account; a registry of its own per Steward."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """The instruments. Their label ``account`` is our number of it, so that no contact's name appears."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = self._count("steward_received", "Events committed to the inbox.", "outcome")
        self.window = self._spread("steward_receive_window_seconds", "From the id on the stream to the commit.")
        self.decided = self._count("steward_decided", "Events by outcome of deciding.", "outcome")
        self.batch = self._spread("steward_batch_events", "Events decided in one transaction.", _SIZES)
        self.deciding = self._spread("steward_decide_seconds", "One batch, from reading it to its commit.")
        self.calls = self._count("steward_calls", "Calls to channels by outcome.", "outcome")
        self.calling = self._spread("steward_call_seconds", "One call to a channel.")
        self.retries = self._count("steward_retries", "Work tried again after passing trouble.", "part")
        self.gaps = self._count("steward_gaps", "Times in which a channel heard nothing.")
        self.timers = self._count("steward_timers", "Timers by outcome.", "outcome")
        self.leases = Gauge(
            "steward_lease_held", "Whether this process holds the account.", ["account"], registry=self.registry
        )
        self.revision = Gauge("steward_revision", "The revision of the book in force.", registry=self.registry)

    def _count(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, ["account", *labels], registry=self.registry)

    def _spread(self, name: str, about: str, buckets: tuple[float, ...] = _FAST) -> Histogram:
        return Histogram(name, about, ["account"], buckets=buckets, registry=self.registry)

    def text(self) -> bytes:
        """The page of `/metrics` (`CONTENT_TYPE`)."""
        return generate_latest(self.registry)
