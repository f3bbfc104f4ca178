"""The tests, arranged like the house."""
