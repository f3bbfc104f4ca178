"""Tests of escalation, arranged like it."""
