"""Tests of the staff commands, arranged like them."""
