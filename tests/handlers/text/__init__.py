"""Tests of handlers/text, arranged like it."""
