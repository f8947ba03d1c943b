"""What the commands share: how they are declared, the parameters of the project, saying what was done."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from tongbao.errors import TongbaoError
from tongbao.project import Project

Command = Callable[[argparse.Namespace], None]


class Add(Protocol):
    """Declares a command by its name, its function and one line of help; returns its parser for the options."""

    def __call__(self, name: str, function: Command, text: str) -> argparse.ArgumentParser:
        """Declare one command."""
        ...


def parameters(project: Project) -> dict[str, dict[str, Any]]:
    """Return params.yaml as a mapping of sections.

    Raises:
        TongbaoError: it is no sound YAML, or has no sections.
    """
    import yaml

    try:
        content = yaml.safe_load(project.params.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise TongbaoError("not sound YAML", place=str(project.params), remedy=f"correct it: {error}") from error
    if not isinstance(content, dict):
        raise TongbaoError("no sections in it", place=str(project.params), remedy="restore it from git")
    return content


def say(message: str) -> None:
    """Print what was done."""
    print(message)


def write_asked(path: Path, content: bytes, option: str) -> None:
    """Write a file that the user named, as a whole or not at all.

    Args:
        path: where to.
        content: its bytes.
        option: that named it.

    Raises:
        TongbaoError: the folder is missing, or nothing can be written there.
    """
    from tongbao.tidy.whole import write_whole

    try:
        write_whole(path, content)
    except OSError as error:
        raise TongbaoError(
            f"the file cannot be written: {error.strerror}",
            place=str(path),
            remedy=f"make its folder, or name another file with {option}",
        ) from error
