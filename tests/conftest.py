"""Settings for all tests."""

from hypothesis import settings

# Machines are busy now and then: a slow example is no failure.
settings.register_profile("digiregion", deadline=None)
settings.load_profile("digiregion")
