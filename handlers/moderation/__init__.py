"""Keeping order: what a message breaks (abuse, advert, flood) and what follows from it."""
