"""Files are put in place as a whole, and what a killed writer left enters no later file."""

import sqlite3
from contextlib import closing

import pytest

from tongbao.tidy.whole import replacing, write_whole


def test_a_writer_that_fails_leaves_the_older_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as made:
        made.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old" and [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_until_it_is_whole_the_older_file_is_there(tmp_path):
    path = tmp_path / "a.sav"
    write_whole(path, b"old")
    with replacing(path) as made:
        assert made.suffix == ".sav" and made.name.startswith(".") and not made.exists()
        made.write_bytes(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new" and [p.name for p in tmp_path.iterdir()] == ["a.sav"]


def test_what_a_killed_writer_left_is_cleared_with_its_journal(tmp_path):
    """A database that finds a journal of its name would take it for its own."""
    path = tmp_path / "a[1].sqlite"
    with pytest.raises(FileNotFoundError), replacing(path) as made:
        pass  # nothing was written: no file is made of that
    left = [made, made.with_name(made.name + "-journal"), made.with_name(made.name + ".wal")]
    for file in left:
        file.write_bytes(b"half")
    with replacing(path) as made, closing(sqlite3.connect(made)) as connection:
        assert not [file for file in left if file.exists() and file.stat().st_size]
        connection.execute("CREATE TABLE t (a)")
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
