"""Measurements and the generators of shipped tables; nothing here runs in the bot."""
