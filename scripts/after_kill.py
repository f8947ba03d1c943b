"""Before `dvc repro`: put away what a DVC that was killed while writing may have left half-written.

DVC writes `dvc.lock` and `.dvc/tmp/rwlock` in place, so a kill in that moment leaves a torn file, and the next
`dvc repro` would refuse to start. Both can be made again: without `dvc.lock` everything is rebuilt, to the same bytes;
`rwlock` only lists the DVC processes at work. A sound file is left alone, and so is the register while a DVC runs.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import psutil
import yaml

MD5 = re.compile(r"[0-9a-f]{32}(\.dir)?")


def main(root: Path) -> list[str]:
    """Mend the project in `root`; return what was done, in words."""
    told = []
    lock, register = root / "dvc.lock", root / ".dvc" / "tmp" / "rwlock"
    if lock.is_file() and not sound_lock(lock.read_bytes()):
        lock.unlink()
        told.append("dvc.lock was cut short by a killed run and is made anew: everything is rebuilt")
    if register.is_file() and not sound_register(register.read_bytes()):
        register.unlink()
        told.append("the register of a killed run (.dvc/tmp/rwlock) is removed")
    return told


def sound_lock(data: bytes) -> bool:
    """Whether a `dvc.lock` is whole: every stage has its command, every file its path and hash."""
    try:
        content = yaml.safe_load(data.decode("utf-8"))
        stages = content["stages"]
        return (
            content["schema"] == "2.0"
            and data.endswith(b"\n")
            and bool(stages)
            and all(_sound_stage(stage) for stage in stages.values())
        )
    except (ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        return False


def sound_register(data: bytes) -> bool:
    """Whether the register can be read, and whoever it names is gone (DVC sees to that) or is a DVC at work."""
    try:
        content = json.loads(data)
        entries = list(content.get("write", {}).values())
        entries += [e for many in content.get("read", {}).values() for e in many]
        alive = [pid for pid in {int(entry["pid"]) for entry in entries} if psutil.pid_exists(pid)]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return False
    return not alive or any(_is_dvc(pid) for pid in alive)


def _sound_stage(stage: Any) -> bool:
    files = [*stage.get("deps", ()), *stage.get("outs", ())]
    return (
        isinstance(stage["cmd"], str)
        and isinstance(stage.get("params", {}), dict)
        and all(isinstance(values, dict) for values in stage.get("params", {}).values())
        and all(
            isinstance(file["path"], str)
            and file["hash"] == "md5"
            and MD5.fullmatch(file["md5"])
            and isinstance(file["size"], int)
            and isinstance(file.get("nfiles", 0), int)
            for file in files
        )
    )


def _is_dvc(pid: int) -> bool:
    try:
        words = psutil.Process(pid).cmdline()
    except psutil.Error:
        return False
    return any(Path(word).name == "dvc" for word in words)


if __name__ == "__main__":
    for line in main(Path.cwd()):
        print(line, file=sys.stderr)
