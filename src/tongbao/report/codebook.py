"""The codebook as a page: placeholder until its own branch is merged."""

from tongbao.project import Project
from tongbao.report.safe import escape


def codebook_body(project: Project, language: str) -> str:
    """Return the body of the codebook: here the names of the tables."""
    names = sorted(path.stem for path in project.tidy.glob("*.csv"))
    return "<ul>" + "".join(f"<li>{escape(name)}</li>" for name in names) + "</ul>"
