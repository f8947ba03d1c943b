"""The page on the quality of the data."""

from tongbao.project import Project
from tongbao.report.safe import escape


def quality_body(project: Project, language: str) -> str:
    """Return the HTML of the page."""
    return f"<p>{escape('')}</p>"
