"""The audit page: placeholder until its own branch is merged."""

from tongbao.project import Project
from tongbao.report.safe import escape


def audit_body(project: Project, circular_id: str, language: str) -> str:
    """Return the body of the audit page: here the restored text, line by line."""
    text = project.interim / "text" / f"{circular_id}.txt"
    lines = text.read_text("utf-8").splitlines() if text.is_file() else []
    return "\n".join(f"<p>{escape(line)}</p>" for line in lines)
