"""For all tests: no example has a deadline, for machines are busy at times; a seed makes failures come again."""

from hypothesis import settings

settings.register_profile("tongbao", deadline=None)
settings.load_profile("tongbao")
