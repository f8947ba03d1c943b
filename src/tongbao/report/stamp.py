"""What a build says about itself: commit, data version, version of Tongbao. No times: same input, same bytes."""

import hashlib
import subprocess
from dataclasses import dataclass

import tongbao
from tongbao.project import Project
from tongbao.report.language import say
from tongbao.report.safe import escape

INPUTS = (
    "src",
    "notebooks",
    "data/raw",
    "data/reference",
    "params.yaml",
    "dvc.yaml",
    "requirements.lock",
)
"""What a build is made from. A commit that touches none of it makes no new build."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where a page comes from.

    Attributes:
        commit: the last commit that touched the inputs, ten digits; empty outside git.
        is_dirty: the inputs have changes that no commit holds.
        data_version: first 12 digits of the SHA-256 over the tidy tables; empty where there are none.
        version: of Tongbao.
    """

    commit: str
    is_dirty: bool
    data_version: str
    version: str

    def text(self, language: str = "en") -> str:
        """Return the stamp as a line."""
        data = "data version {version}" if self.data_version else "no tidy tables"
        parts = [
            f"Tongbao {self.version}",
            say(_COMMITS[bool(self.commit), self.is_dirty], language, commit=self.commit),
            say(data, language, version=self.data_version),
        ]
        return " · ".join(parts)

    def html(self, language: str = "en") -> str:
        """Return the stamp for the footer of a page."""
        return f'<p class="stamp">{escape(self.text(language))}</p>'


PLACE = "<!-- stamp of the build -->"
"""Where in a page the stamp goes. Scraped text cannot contain it, because `<` is escaped there."""


def stamped(unstamped: str, stamp_html: str) -> str:
    """Return the page with `stamp_html` in its footer."""
    return unstamped.replace(PLACE, stamp_html, 1)


_COMMITS = {
    (True, False): "commit {commit}",
    (True, True): "commit {commit} with uncommitted changes",
    (False, False): "not under git",
    (False, True): "not under git",
}


def characters(language: str) -> set[str]:
    """Return all characters that a stamp in `language` may hold: a page's font is cut before it is stamped."""
    stamps = [Stamp(commit, dirty, data, "") for commit in ("", "0") for dirty in (True, False) for data in ("", "0")]
    return {character for stamp in stamps for character in stamp.text(language)}


def build_stamp(project: Project) -> Stamp:
    """Return the stamp of a build of `project` as it lies on disk now."""
    commit = _git(project, "log", "-1", "--format=%h", "--abbrev=10", "--", *INPUTS)
    changes = _git(project, "status", "--porcelain", "--", *INPUTS) if commit else ""
    return Stamp(commit, bool(changes), data_version(project), tongbao.__version__)


def data_version(project: Project) -> str:
    """Return the first 12 digits of the SHA-256 over names and bytes of `data/tidy/*.csv`."""
    files = sorted(project.tidy.glob("*.csv"))
    if not files:
        return ""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def _git(project: Project, *arguments: str) -> str:
    """Return what git prints, or nothing where there is no git or no repository."""
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", "-C", str(project.root), *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
