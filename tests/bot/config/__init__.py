"""Tests of reading configuration."""
