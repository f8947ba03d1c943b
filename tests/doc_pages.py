"""The project's pages for readers (README, docs/) taken apart: blocks, links, headings, commands named in prose."""

import argparse
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tongbao import cli

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").glob("*.md"))]

_FENCE = re.compile(
    r"(?:^<!-- (?P<mark>[^\n]*?) -->\n)?^```(?P<language>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_NOT_IN_A_SLUG = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Block:
    """A fenced block; `mark` is the comment on the line before it."""

    language: str
    body: str
    mark: str

    @property
    def steps(self) -> list[tuple[str, list[str]]]:
        """The commands of a console block, each with the lines that it is said to print."""
        steps: list[tuple[str, list[str]]] = []
        for line in self.body.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], []))
            else:
                assert steps, f"output before the first command: {line!r}"
                steps[-1][1].append(line)
        return steps


@cache
def commands() -> dict[str, argparse.ArgumentParser]:
    """The commands of `tongbao` by their names."""
    [every] = [a for a in cli._parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(every.choices)


def blocks(text: str) -> list[Block]:
    return [Block(m["language"].strip(), m["body"], m["mark"] or "") for m in _FENCE.finditer(text)]


def prose(text: str) -> str:
    """The page without its fenced blocks and comments."""
    return _COMMENT.sub("", _FENCE.sub("", text))


def links(text: str) -> list[str]:
    return _LINK.findall(_SPAN.sub("", prose(text)))


def spans(text: str) -> list[str]:
    """What is set as code in prose."""
    return _SPAN.findall(prose(text))


def anchors(text: str) -> set[str]:
    """The addresses that a Markdown host makes from headings."""
    return {
        _NOT_IN_A_SLUG.sub("", heading.replace("`", "").lower()).replace(" ", "-")
        for heading in _HEADING.findall(prose(text))
    }


def says(output: str, expected: list[str]) -> bool:
    """Whether a command printed the lines that a page shows; `…` stands for anything, over lines too."""
    if not expected:
        return True
    pattern = "".join(".*?" if part == "…" else re.escape(part) for part in re.split("(…)", "\n".join(expected)))
    return re.fullmatch(rf"\s*{pattern}\s*", output, re.DOTALL) is not None
