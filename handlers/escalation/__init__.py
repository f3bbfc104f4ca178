"""Handing over to people: complaints and calls for a human become cases, and cases come to an end."""

from handlers.escalation.handler import Escalation

__all__ = ["Escalation"]
