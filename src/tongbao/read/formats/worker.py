"""A process of its own in which files of every form but plain text are read, with bounds on time and memory.

Libraries that parse binary forms are the usual way for a hostile file to hang or kill a program. Here it kills
only the worker: the file is refused with that reason, and the next file gets a new worker. One worker serves
all files of a run. What reading means is in `readers`.

Run as a module it is the worker itself: it answers requests on its standard input until that is closed.
"""

import atexit
import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from tongbao.read.formats.model import Attachment, Read, Refused

MAX_SECONDS = 30.0
"""Longest time for one file. A circular of 500 pages takes about one."""

MAX_MEMORY = 1_500_000_000
"""Bytes of address space of the worker, where the system can bound it (not on Windows or macOS)."""

_HEAD = struct.Struct(">II")  # lengths of the form's name and of the file


class Worker:
    """The worker as seen from the program that reads. Not for use from several threads at once."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def read(self, form: str, data: bytes, seconds: float = MAX_SECONDS) -> Read | Refused:
        """Read a file in the worker, started if there is none.

        Args:
            form: one of the names in `signature`.
            data: the file.
            seconds: time after which it is given up.
        """
        process = self._started()
        expired = threading.Event()

        def give_up() -> None:
            expired.set()
            process.kill()

        timer = threading.Timer(seconds, give_up)
        timer.start()
        try:
            answer = _ask(process, form, data)
        finally:
            timer.cancel()
        if answer is not None and not expired.is_set():
            return _unpacked(answer)
        self.stop()
        if expired.is_set():
            return Refused(f"it cannot be read within {seconds:g} seconds: save its text as .txt")
        return Refused("damaged or hostile: reading it fails or needs too much memory; save its text as .txt")

    def stop(self) -> None:
        """End the worker, if it is ours: after a fork it is still the parent's."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # it died with a request under way
                    stream.close()
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        self.stop()
        source = str(Path(__file__).parents[3])
        path = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        )
        self._owner = os.getpid()
        return self._process


def _ask(process: "subprocess.Popen[bytes]", form: str, data: bytes) -> bytes | None:
    assert process.stdin is not None and process.stdout is not None
    name = form.encode("ascii")
    try:
        process.stdin.write(_HEAD.pack(len(name), len(data)) + name)
        process.stdin.write(data)
        process.stdin.flush()
        head = process.stdout.read(4)
        if len(head) < 4:
            return None
        (length,) = struct.unpack(">I", head)
        answer = process.stdout.read(length)
    except (OSError, ValueError):  # the worker is gone
        return None
    return answer if len(answer) == length else None


def _packed(result: Read | Refused) -> bytes:
    if isinstance(result, Refused):
        return json.dumps({"reason": result.reason}).encode()
    record = {
        "text": result.text,
        "encoding": result.encoding,
        "notes": result.notes,
        "attachments": [[a.name, a.target] for a in result.attachments],
    }
    return json.dumps(record).encode()


def _unpacked(answer: bytes) -> Read | Refused:
    record = json.loads(answer)
    if "reason" in record:
        return Refused(record["reason"])
    attachments = tuple(Attachment(name, target) for name, target in record["attachments"])
    return Read(record["text"], record["encoding"], tuple(record["notes"]), attachments)


def _serve(requests: BinaryIO, answers: BinaryIO) -> None:
    from tongbao.read.formats.readers import read_form

    while len(head := requests.read(_HEAD.size)) == _HEAD.size:
        n_name, n_data = _HEAD.unpack(head)
        form = requests.read(n_name).decode("ascii")
        answer = _packed(read_form(form, requests.read(n_data)))
        answers.write(struct.pack(">I", len(answer)) + answer)
        answers.flush()


def _bound_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        pass  # the system cannot: the bound on time and the readers' own bounds remain


WORKER = Worker()
"""The worker of this process."""

if __name__ == "__main__":
    _bound_memory()
    _serve(sys.stdin.buffer, sys.stdout.buffer)
else:
    atexit.register(WORKER.stop)
