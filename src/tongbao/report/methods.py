"""A paragraph on data and methods for a paper, with the numbers of this very build.

What belongs here: the sentences and where their numbers come from. What does not: any number that `data/metrics.json`,
the tidy tables or the analyses do not hold; measured accuracy is told only where the metrics hold it.
"""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.report.index import read_table
from tongbao.report.language import say
from tongbao.report.stamp import build_stamp

_AGAIN = "run `dvc repro`, which makes it"

CORPUS = (
    "The data are {n_circulars:d} official circulars (通报) on inspections of Chinese government websites, issued by "
    "{n_issuers:d} offices in {n_provinces:d} provinces and about the periods {first} to {last}."
)
RESTORED = (
    "They were restored with Tongbao {version}{commit}: {n_repairs:d} places of the texts as found were repaired, each "
    "listed with its kind and confidence, and {n_gaps:d} damaged places were left open because no reading was safe "
    "enough."
)
READ = (
    "Rules that name no single document read the texts into {n_tables:d} tables with {n_rows:d} rows; every row "
    "carries its quotation and its place in the text, and {n_rejected:d} rows were rejected with a reason."
)
CHECKED = (
    "The documents were checked against themselves: {n_held:d} of {n_checks:d} checks hold and the others are "
    "reported, and {n_explained:d} of {n_numerals:d} numerals of the texts are accounted for."
)
CODED = (
    "{n_coded:d} further figures were coded by hand from copies of other circulars; they are kept apart and never "
    "pooled with those extracted."
)
MEASURED = "Compared with {of}, precision is {precision:.1%} and recall {recall:.1%}."
UNMEASURED = "The accuracy of extraction is not among the metrics of this build."
UNCERTAIN = (
    "Intervals are at the level of {level:.0%}; rates are compared only where rules, inspector, object, way of "
    "choosing the sites and period agree, and no number is given where the data do not support one."
)
SENTENCES = (CORPUS, RESTORED, READ, CHECKED, CODED, MEASURED, UNMEASURED, UNCERTAIN)
"""All sentences, for the proof that each has its Chinese."""


def methods(project: Project, language: str = "en") -> str:
    """Return the paragraph; the same build gives the same text.

    Raises:
        TongbaoError: tables or metrics have not been made.
    """
    metrics, stamp = _metrics(project), build_stamp(project)
    circulars = read_table(project, "circulars")
    periods = sorted(row["period"] for row in circulars if row["period"])
    params = yaml.safe_load(project.params.read_text("utf-8"))
    sentences = [
        say(
            CORPUS,
            language,
            n_circulars=len(circulars),
            n_issuers=len({row["issuer"] for row in circulars if row["issuer"]}),
            n_provinces=len({row["province_code"] for row in circulars if row["province_code"]}),
            first=periods[0] if periods else "–",
            last=periods[-1] if periods else "–",
        ),
        say(
            RESTORED,
            language,
            version=stamp.version,
            commit=_commit(stamp.commit, language),
            n_repairs=sum(int(row["n_repairs"]) for row in circulars),
            n_gaps=sum(int(row["n_unrepaired"]) for row in circulars),
        ),
        say(
            READ,
            language,
            n_tables=len(metrics["rows"]),
            n_rows=metrics["accepted"],
            n_rejected=metrics["rejected"],
        ),
        say(
            CHECKED,
            language,
            n_held=metrics["checks"]["held"],
            n_checks=metrics["checks"]["total"],
            n_explained=metrics["numerals"]["explained"],
            n_numerals=metrics["numerals"]["n"],
        ),
    ]
    if "coded" in metrics:
        sentences.append(say(CODED, language, n_coded=metrics["coded"]["accepted"]))
    sentences.append(_accuracy(metrics, language))
    sentences.append(say(UNCERTAIN, language, level=float(params["analyse"]["level"])))
    return ("" if language == "zh" else " ").join(sentences)


def _accuracy(metrics: Mapping[str, Any], language: str) -> str:
    """Told as `accuracy` of the metrics has it (precision, recall, of), and not at all otherwise."""
    found = metrics.get("accuracy")
    if not isinstance(found, Mapping) or not {"precision", "recall", "of"} <= set(found):
        return say(UNMEASURED, language)
    return say(
        MEASURED, language, precision=float(found["precision"]), recall=float(found["recall"]), of=str(found["of"])
    )


def _metrics(project: Project) -> dict[str, Any]:
    path = project.tidy.parent / "metrics.json"
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise TongbaoError(f"the metrics cannot be read ({error})", place="data/metrics.json", remedy=_AGAIN) from None
    if not isinstance(found, dict):
        raise TongbaoError("these are no metrics", place="data/metrics.json", remedy=_AGAIN)
    return found


def _commit(commit: str, language: str) -> str:
    if not commit:
        return ""
    return f"（提交 {commit}）" if language == "zh" else f" (commit {commit})"
