"""The schema and the contact labels of the project, and the room's door with both filled in."""

from collections.abc import Callable

import pytest

from tidy.made_up_circular import REFERENCE
from tongbao.extract.contacts import ContactFinder, load_contacts
from tongbao.tidy.corpus import Corpus
from tongbao.tidy.rows import Interim, Split, tidy_circular
from tongbao.tidy.schema import Schema, load_schema


@pytest.fixture(scope="session")
def schema() -> Schema:
    return load_schema(REFERENCE)


@pytest.fixture(scope="session")
def contacts() -> ContactFinder:
    return load_contacts(REFERENCE)


@pytest.fixture
def tidy(schema: Schema, contacts: ContactFinder) -> Callable[..., Split]:
    def run(circular: Interim, source=None, known=("made-up",)) -> Split:
        return tidy_circular(circular, schema, contacts, source, Corpus(frozenset(known)))

    return run
