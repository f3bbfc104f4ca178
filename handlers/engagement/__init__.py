"""Enlivening: check-ins and points, lucky draws that anyone can verify, and scheduled posts."""

from handlers.engagement.campaigns import Campaigns
from handlers.engagement.checkins import CheckIns
from handlers.engagement.draws import Draws

__all__ = ["Campaigns", "CheckIns", "Draws"]
