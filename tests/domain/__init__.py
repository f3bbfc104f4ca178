"""Tests of the pure theories."""
