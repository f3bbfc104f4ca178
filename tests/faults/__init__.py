"""Bad days on real parts: `steward run` as a process, the real gateway, real databases."""
