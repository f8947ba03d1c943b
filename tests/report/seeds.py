"""The five first circulars with all that is made of them, in a folder of its own, for the tests of audit pages."""

import functools
import tempfile
from pathlib import Path

from tongbao.build import restore_stage, tidy_stage
from tongbao.extract.folder import extract_folder
from tongbao.project import Project
from tongbao.stats.themes import analyse

ROOT = Path(__file__).parents[2]
IDS = ("dayawan-2018q1", "gansu-2021", "guangdong-2016", "jiangsu-2018q3", "yanan-2016")
PARAMETERS = {
    "restore": {"accept_margin": 3.0},
    "analyse": {"level": 0.95, "include_copies": ["clean", "mirror"], "include_coded": True},
}
_kept: list[tempfile.TemporaryDirectory[str]] = []


@functools.cache
def project() -> Project:
    """Restored, extracted, tidied and analysed once a test session; tests read it only."""
    _kept.append(tempfile.TemporaryDirectory(prefix="tongbao-seeds-"))
    root = Path(_kept[-1].name)
    made = Project(root)
    made.raw.parent.mkdir(parents=True)
    for name in ("data/raw", "data/reference", "notebooks"):
        (root / name).symlink_to(ROOT / name)
    (root / "params.yaml").write_bytes((ROOT / "params.yaml").read_bytes())
    restore_stage(made.raw, made.interim, PARAMETERS)
    extract_folder(made.interim)
    tidy_stage(made.raw, made.interim, made.tidy, root / "metrics.json", coded=True)
    analyse(made, PARAMETERS["analyse"])
    return made
