"""Tests of console, arranged like it."""
