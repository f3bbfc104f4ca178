"""What holds for all tests: none fails because a machine is slow."""

from hypothesis import settings

settings.register_profile("steward", deadline=None)
settings.load_profile("steward")
