"""Tests of handlers, arranged like it."""
