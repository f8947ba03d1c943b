"""The file of corrections as plain fields with their lines; what the fields mean is in `corrections`.

YAML is only composed, never constructed: no tag can make an object, and a scalar keeps the characters that were
written (`2016` is a year or a period, as its column wants).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from tongbao.errors import TongbaoError

Kind = Literal["null", "bool", "int", "float", "date", "text"]

_TAG = "tag:yaml.org,2002:"
_KINDS: dict[str, Kind] = {
    "null": "null",
    "bool": "bool",
    "int": "int",
    "float": "float",
    "timestamp": "date",
    "str": "text",
    "value": "text",  # a lone = in YAML 1.1
}
_FORM = "each entry begins with `- circular: ...`; the head of the file shows the form"


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as written; `kind` is what YAML takes it for, `text` its characters without quotation marks."""

    text: str
    kind: Kind
    line: int


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping: values by their names, and the line it begins on."""

    values: dict[str, "Scalar | Fields"]
    line: int


def shown_path(path: Path) -> str:
    """Return the file's name with its folder, as errors name it."""
    return "/".join(path.parts[-2:])


def read_entries(path: Path) -> list[Fields]:
    """Return the entries of the file, in order; none where it is missing or holds comments alone.

    Raises:
        TongbaoError: it is no YAML, no list of mappings, or names a field twice in one entry.
    """
    if not path.is_file():
        return []
    place = shown_path(path)
    try:
        root = yaml.compose(path.read_bytes().decode("utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise TongbaoError(f"not UTF-8 ({error})", place=place, remedy="save it as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TongbaoError(
            f"not sound YAML: {error.problem}", place=f"{place}, line {line}", remedy="mend that line; " + _FORM
        ) from None
    except yaml.YAMLError as error:
        problem = str(error).splitlines()[0]
        raise TongbaoError(f"not sound YAML: {problem}", place=place, remedy="remove such characters") from None
    if root is None:
        return []
    if not isinstance(root, yaml.SequenceNode):
        raise TongbaoError("not a list of entries", place=f"{place}, line {_line(root)}", remedy=_FORM)
    return [_fields(node, place, depth=0) for node in root.value]


def _fields(node: yaml.Node, place: str, depth: int) -> Fields:
    here = f"{place}, line {_line(node)}"
    if not isinstance(node, yaml.MappingNode):
        raise TongbaoError("not an entry with named fields", place=here, remedy=_FORM)
    values: dict[str, Scalar | Fields] = {}
    for key, value in node.value:
        at = f"{place}, line {_line(key)}"
        if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
            raise TongbaoError("the name of a field is no plain word", place=at, remedy=_FORM)
        if key.value in values:
            raise TongbaoError(f"the field {key.value!r} is there twice", place=at, remedy="keep one of the two")
        if isinstance(value, yaml.ScalarNode):
            values[key.value] = _scalar(value, f"{place}, line {_line(value)}")
        elif isinstance(value, yaml.MappingNode) and depth == 0:
            values[key.value] = _fields(value, place, depth + 1)
        else:
            raise TongbaoError(f"the field {key.value!r} holds a list or goes too deep", place=at, remedy=_FORM)
    return Fields(values, _line(node))


def _scalar(node: yaml.ScalarNode, place: str) -> Scalar:
    kind = _KINDS.get(node.tag.removeprefix(_TAG))
    if kind is None or not node.tag.startswith(_TAG):
        raise TongbaoError(f"a value of type {node.tag}", place=place, remedy="write a plain value without a tag")
    return Scalar(str(node.value), kind, _line(node))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
