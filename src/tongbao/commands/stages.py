"""The stages of dvc.yaml behind the first: extract, tidy, analyse, report. The first, restore, is in `restoring`."""

import argparse
import os

from tongbao.commands.common import Add, parameters, say
from tongbao.project import find_project


def register(add: Add) -> None:
    """Declare the commands of the stages."""
    add("extract", _extract, "extract facts from the restored texts (stage 2)")
    add("tidy", _tidy, "write the tidy tables from the facts (stage 3)")
    add("analyse", _analyse, "write the numbers that the notebooks show (stage 4)")
    report = add("report", _report, "render the notebooks to reports/ (stage 5)")
    report.add_argument("--kernels", choices=["warm", "real"], help="how notebooks run; the pages are the same")


def _extract(options: argparse.Namespace) -> None:
    from tongbao.build import crew_of
    from tongbao.extract.folder import extract_folder

    project = find_project()
    with crew_of(parameters(project)) as crew:
        n = extract_folder(project.interim, crew)
    say(f"{n} circulars extracted")


def _tidy(options: argparse.Namespace) -> None:
    from tongbao.build import crew_of, tidy_stage

    project = find_project()
    metrics, mended = project.tidy.parent / "metrics.json", project.corrections
    with crew_of(parameters(project)) as crew:
        say(tidy_stage(project.raw, project.interim, project.tidy, metrics, coded=True, corrections=mended, crew=crew))


def _analyse(options: argparse.Namespace) -> None:
    from tongbao.stats.themes import analyse

    project = find_project()
    names = analyse(project, parameters(project)["analyse"])
    say(f"{len(names)} analyses: {', '.join(names)}")


def _report(options: argparse.Namespace) -> None:
    from tongbao.report.site import build_site

    project = find_project()
    settings = parameters(project)["report"]
    kernels = options.kernels or os.environ.get("TONGBAO_KERNELS") or settings.get("kernels", "warm")
    result = build_site(project, workers=int(settings["workers"]), kernels=kernels)
    say(f"{len(result.rendered)} pages rendered, {len(result.cached)} unchanged; open reports/index.html")
