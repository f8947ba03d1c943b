"""What the commands share: how they are declared, the parameters of the project, saying what was done."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@contextmanager
def writing(path: Path, option: str) -> Iterator[None]:
    """Turn what the system says about a file or folder that the user named into an error with a remedy.

    Args:
        path: what is written to.
        option: that names another one.

    Raises:
        TongbaoError: a folder is missing or none, or nothing can be written there.
    """
    try:
        yield
    except OSError as error:
        if error.filename and not _is_of(Path(str(error.filename)).absolute(), path.absolute()):
            raise  # another file's trouble
        raise TongbaoError(
            f"it cannot be written: {error.strerror or error}",
            place=str(path),
            remedy=f"see to its folder and the space on its disk, or name another one with {option}",
        ) from error


def _is_of(file: Path, named: Path) -> bool:
    """Whether a file is the one named, lies in it or around it, or is what comes to stand in its place."""
    return file.is_relative_to(named) or named.is_relative_to(file) or file.name.startswith(f".{named.name}.")
