"""For all tests: no example has a deadline, for machines are busy at times; a seed makes failures come again."""

import pytest
from hypothesis import settings

settings.register_profile("tongbao", deadline=None)
settings.load_profile("tongbao")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One file that needs the built project goes first: the others that need it then find it built."""
    items.sort(key=lambda item: item.path.name != "test_pipeline.py")
