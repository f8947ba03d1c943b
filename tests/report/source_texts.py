"""What the source says to readers: every text and template of a Python file, with the fields of f-strings emptied.

Texts that only developers or users of the command line see (errors, docstrings) are left out.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"{])")


def templates(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of every string below `tree`; a field of an f-string is `{}`."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Raise) or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            continue
        if isinstance(child, ast.Call) and getattr(child.func, "id", "") == "TongbaoError":
            continue
        if isinstance(child, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in child.values)
            yield child.lineno, "".join(str(part) for part in parts)
            for value in child.values:
                if isinstance(value, ast.FormattedValue):
                    yield from templates(value)
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.lineno, child.value
        else:
            yield from templates(child)


def sentences(text: str) -> list[str]:
    """The sentences of a template that hold a word and a space: what a reader reads, and no code."""
    found = (part.strip() for part in _SENTENCE_END.split(text))
    return [part for part in found if " " in part and re.search("[A-Za-z]{2}", part)]


def of_file(path: Path) -> list[tuple[int, str]]:
    """Line and sentence of all that a Python file says to readers."""
    found = templates(ast.parse(path.read_text(encoding="utf-8")))
    return [(line, sentence) for line, text in found for sentence in sentences(text)]
