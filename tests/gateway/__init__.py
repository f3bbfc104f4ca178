"""A real Wechaty puppet-service gateway on loopback for tests and benchmarks."""

from tests.gateway.community import AT_END, MessageKind
from tests.gateway.gateway import Gateway
from tests.gateway.process import GatewayError
from tests.gateway.road import Road

__all__ = ["AT_END", "Gateway", "GatewayError", "MessageKind", "Road"]
