"""Adding from the web: facts are recorded, and a run killed anywhere goes on with nothing lost or doubled."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collect import forms
from collect.server import Site, serve
from tongbao.collect.adding import add
from tongbao.collect.fetch import Fetcher
from tongbao.collect.files import items_of
from tongbao.collect.journal import Journal, Outcome
from tongbao.collect.polite import Waits
from tongbao.collect.store import Store, only_one
from tongbao.collect.wire import Limits
from tongbao.errors import TongbaoError
from tongbao.project import Project
from tongbao.read.folder import read_folder
from tongbao.read.sources import check_sources, read_register

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
ONE = (
    "某市人民政府办公室关于2019年第一季度政府网站抽查情况的通报\n各县：\n共抽查政府网站36个，合格35个。\n2019年4月2日\n"
)
TWO = "另一县政务公开办公室通报\n各乡镇：\n政务公开工作情况：检查栏目58个，未更新7个，约占12.1%。\n2020年9月1日\n"


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as found:
        headers = {"Content-Type": "text/plain", "Last-Modified": "Tue, 09 Jul 2019 00:00:00 GMT", "ETag": '=1+1"'}
        found.pages["/one.txt"] = (200, headers, ONE.encode())
        found.pages["/moved"] = (302, {"Location": "/two.html"}, b"")
        found.pages["/two.html"] = (200, {"Content-Type": "text/html"}, forms.page(TWO).encode())
        found.pages["/same"] = (200, {}, ONE.encode())
        yield found


def run(project: Project, site: Site, *paths: str) -> list[Outcome]:
    fetcher = Fetcher("tongbao/test", Waits(0.0, lambda s: None), Limits(2, 2, 5, 100_000), site.allowed)
    named = [site.url(path) if path.startswith("/") else path for path in paths]
    return list(add(project, items_of(named), fetcher, now=lambda: NOW))


def state(project: Project) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(project.raw.iterdir())}


def test_what_the_server_said_is_recorded(site: Site, tmp_path: Path) -> None:
    project = forms.project(tmp_path)
    outcomes = run(project, site, "/one.txt", "/moved", "/gone", "/same")
    assert [o.kind for o in outcomes] == ["added", "added", "failed", "known"]
    one, two = sorted(read_register(project.raw / "sources.csv"), key=lambda s: s.source_url, reverse=True)
    assert (one.source_url, one.final_url, one.redirects) == (site.url("/one.txt"), site.url("/one.txt"), "")
    assert (one.http_status, one.last_modified) == ("200", "Tue, 09 Jul 2019 00:00:00 GMT")
    assert one.etag == "'=1+1\"", "a text of the server's does not start a formula"
    assert (two.final_url, two.redirects) == (site.url("/two.html"), site.url("/two.html"))
    assert (two.retrieved, two.added_at, two.content_type) == ("2026-05-06", "2026-05-06T07:08:09Z", "text/html")
    assert two.file.endswith(".html") and one.file == "127-0-0-1-one.txt"
    check_sources(project.raw)


def test_what_was_fetched_is_not_fetched_again(site: Site, tmp_path: Path) -> None:
    project = forms.project(tmp_path)
    run(project, site, "/one.txt", "/gone")
    outcomes = run(project, site, "/one.txt", "/gone")
    assert [o.kind for o in outcomes] == ["known", "failed"]
    assert site.count() == {"/one.txt": 1, "/gone": 2}, "what failed is tried again by the next run"


class Killed(BaseException):
    """Nobody catches it: as if the process were gone."""


def killing_at(n: int, when: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Make the `n`-th change on disk the last thing that happens, before or after it is done."""
    done = itertools.count()
    count = [0]

    def wrapped(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            count[0] = next(done) + 1
            if count[0] > n and when == "before":
                raise Killed
            result = original(*args, **kwargs)
            if count[0] > n:
                raise Killed
            return result

        return call

    for owner, name in ((os, "fsync"), (Path, "rename"), (Path, "replace"), (Path, "unlink")):
        monkeypatch.setattr(owner, name, wrapped(getattr(owner, name)))
    return lambda: count[0]


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_change_on_disk_a_run_goes_on(
    when: str, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = ("/one.txt", "/gone", "/moved", "/same")
    whole = forms.project(tmp_path / "whole")
    run(whole, site, *paths)
    expected = state(whole)
    for n in itertools.count():
        project = forms.project(tmp_path / f"{when}-{n}")
        with monkeypatch.context() as patch:
            changes = killing_at(n, when, patch)
            try:
                run(project, site, *paths)
                is_killed = False
            except Killed:
                is_killed = True
        # As it lies there, before anybody clears up: every circular seen is one that the register names.
        registered = check_sources(project.raw)
        documents, rejected = read_folder(project.raw)
        assert {d.circular_id for d in documents} == set(registered) and not rejected
        run(project, site, *paths)
        assert state(project) == expected, f"killed {when} change {n}"
        if not is_killed:
            break
    assert n > 20 and changes() == n, "every change on disk was tried"


def test_a_process_that_is_killed_while_it_waits_is_continued(site: Site, tmp_path: Path) -> None:
    project = forms.project(tmp_path)
    hanging = [True]

    def slow(connection: Any) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while hanging[0]:
            time.sleep(0.02)
        connection.sendall(forms.page(TWO).encode())

    site.pages["/slow"] = slow
    code = (
        "import sys\nfrom pathlib import Path\nfrom collect.test_add_urls import run\nfrom collect.server import Site\n"
        "from tongbao.project import Project\n"
        "run(Project(Path(sys.argv[1])), Site(int(sys.argv[2])), '/one.txt', '/gone', '/slow')"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(site.port)], env=environment)
    deadline = time.monotonic() + 60
    while "/slow" not in site.asked and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    with pytest.raises(TongbaoError, match="another"):
        run(project, site, "/one.txt")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    hanging[0] = False
    assert [s.source_url for s in read_register(project.raw / "sources.csv")] == [site.url("/one.txt")]
    outcomes = run(project, site, "/one.txt", "/gone", "/slow")
    assert [o.kind for o in outcomes] == ["known", "failed", "added"]
    assert site.count() == {"/one.txt": 1, "/gone": 1, "/slow": 2}, "only what was under way is asked for again"
    assert not (tmp_path / ".tongbao" / "collect" / "journal.jsonl").exists()
    check_sources(project.raw)


def test_a_torn_line_of_the_journal_is_passed_over(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.note(Outcome("http://a/1", "failed", "gone"))
    with journal.path.open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps({"what": "http://a/2"})[:9])
    journal.note(Outcome("http://a/3", "failed", "gone"))
    assert list(journal.read()) == ["http://a/1", "http://a/3"]


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    project = forms.project(tmp_path)
    run(project, Site(1), str(tmp_path / "params.yaml"))
    (project.raw / "a.txt").write_bytes(b"mine")
    from tongbao.read.sources import Source

    with pytest.raises(TongbaoError, match="is there"):
        Store(project.raw).add(Source("a", "a.txt"), b"other")
    assert (project.raw / "a.txt").read_bytes() == b"mine"


def test_clearing_away_leaves_what_the_register_names(tmp_path: Path) -> None:
    project = forms.project(tmp_path)
    for name in ("a.txt", "b.txt"):
        (project.raw / name).write_text(ONE, encoding="utf-8")
    head = "circular_id,file,source_name,source_url,retrieved,licence_note,sha256"
    (project.raw / "sources.csv").write_text(f"{head}\na,a.txt,,,,,\n", encoding="utf-8")
    for name in ("a.txt", "../outside", "sources.csv", "b.txt"):
        (project.raw / ".adding").write_text(name, encoding="utf-8")
        Store(project.raw).clear_away()
        assert not (project.raw / ".adding").exists() and (project.raw / "a.txt").exists()
    assert not (project.raw / "b.txt").exists(), "announced, and not named: an addition that was stopped"
    assert (project.raw / "sources.csv").exists()


def test_only_one_addition_runs_at_a_time(tmp_path: Path) -> None:
    with only_one(tmp_path / "lock"), pytest.raises(TongbaoError, match="another"), only_one(tmp_path / "lock"):
        pass
    with only_one(tmp_path / "lock"):
        pass
