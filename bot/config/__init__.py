"""Configuration: a folder of YAML files, checked with file and line, read into one immutable book."""

from bot.config.load import Loaded, check, load, load_all, load_texts
from bot.config.watch import Change, watch

__all__ = ["Change", "Loaded", "check", "load", "load_all", "load_texts", "watch"]
