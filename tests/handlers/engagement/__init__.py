"""Tests of engagement, arranged like it."""
