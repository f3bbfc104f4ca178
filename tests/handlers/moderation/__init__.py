"""Tests of keeping order."""
