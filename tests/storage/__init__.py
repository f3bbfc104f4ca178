"""Tests of storage, arranged like it."""
