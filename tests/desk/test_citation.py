"""CITATION.cff and .zenodo.json: valid fields, one story, the version of the package."""

import json
import re
from pathlib import Path

import yaml

from tongbao import __version__

ROOT = Path(__file__).parents[2]
CFF = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
ZENODO = json.loads((ROOT / ".zenodo.json").read_text("utf-8"))
# Citation File Format 1.2.0, schema guide: all keys of the top level, and those that must be there.
KEYS = {
    *("abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi", "identifiers"),
    *("keywords", "license", "license-url", "message", "preferred-citation", "references", "repository"),
    *("repository-artifact", "repository-code", "title", "type", "url", "version"),
}


def test_the_fields_are_those_of_the_format():
    assert set(CFF) <= KEYS
    assert {"authors", "cff-version", "message", "title"} <= set(CFF)
    assert CFF["cff-version"] == "1.2.0" and CFF["type"] in ("software", "dataset")
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", CFF["date-released"])
    assert all(set(author) <= {"name", "website", "orcid", "email"} for author in CFF["authors"])


def test_both_tell_the_same_and_the_version_is_that_of_the_package():
    assert CFF["version"] == ZENODO["version"] == __version__
    assert CFF["title"] == ZENODO["title"] and CFF["keywords"] == ZENODO["keywords"]
    assert CFF["license"] == ZENODO["license"]
    assert [a["name"] for a in CFF["authors"]] == [c["name"] for c in ZENODO["creators"]]
    assert " ".join(CFF["abstract"].split()) in ZENODO["description"]


def test_identifiers_are_left_to_the_archive():
    assert not {"doi", "identifiers"} & set(CFF) and "doi" not in ZENODO
