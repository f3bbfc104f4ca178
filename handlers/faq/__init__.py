"""Frequent questions: which entry a message asks for, how surely, and whether to answer, suggest or be silent."""
