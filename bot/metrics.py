"""What Prometheus may read at `/metrics`: counts and durations by account; a registry of its own per Steward."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)


class Metrics:
    """The instruments. ``account`` is our number of it, so that no contact's name appears."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self.registry = registry
        self.received = Counter(
            "steward_received", "Events committed to the inbox.", ["account", "outcome"], registry=registry
        )
        self.window = Histogram(
            "steward_receive_window_seconds",
            "From the id on the stream to the commit in the inbox.",
            ["account"],
            buckets=_FAST,
            registry=registry,
        )
        self.decided = Counter(
            "steward_decided", "Events by outcome of deciding.", ["account", "outcome"], registry=registry
        )
        self.batch = Histogram(
            "steward_batch_events",
            "Events decided in one transaction.",
            ["account"],
            buckets=(1, 2, 4, 8, 16, 32, 64, 128),
            registry=registry,
        )
        self.deciding = Histogram(
            "steward_decide_seconds",
            "One batch from reading it to its commit.",
            ["account"],
            buckets=_FAST,
            registry=registry,
        )
        self.calls = Counter(
            "steward_calls", "Calls to channels by outcome.", ["account", "outcome"], registry=registry
        )
        self.calling = Histogram(
            "steward_call_seconds", "One call to a channel.", ["account"], buckets=_FAST, registry=registry
        )
        self.retries = Counter(
            "steward_retries", "Work tried again after passing trouble.", ["account", "part"], registry=registry
        )
        self.leases = Gauge(
            "steward_lease_held", "Whether this process holds the account.", ["account"], registry=registry
        )
        self.gaps = Counter("steward_gaps", "Times in which a channel heard nothing.", ["account"], registry=registry)
        self.timers = Counter("steward_timers", "Timers by outcome.", ["account", "outcome"], registry=registry)
        self.revision = Gauge("steward_revision", "The revision of the book in force.", registry=registry)

    def text(self) -> bytes:
        """The page of `/metrics` (`CONTENT_TYPE`)."""
        return generate_latest(self.registry)
