"""Files are there whole or not at all, whatever is killed, and what two processes add stays."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sercore import files
from sercore.files import (
    locked,
    remove_abandoned,
    replacing,
    sha256_of,
    sha256_of_file,
    try_writing,
    write_file,
)

ROOT = Path(__file__).parents[1]


def program(source, *words, **options):
    """A process of its own that runs Python."""
    command = [sys.executable, "-c", source, *map(str, words)]
    return subprocess.Popen(command, text=True, cwd=ROOT, **options)


def killed_while_writing(path):
    """Leaves what a process leaves that is killed before its file is whole."""
    source = (
        "import os, signal, sys; from pathlib import Path; from sercore.files import replacing\n"
        "with replacing(Path(sys.argv[1])) as temporary:\n"
        "    temporary.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert program(source, path).wait() == -signal.SIGKILL


def test_a_file_that_cannot_be_finished_leaves_the_old_one_and_nothing_else(tmp_path):
    path = tmp_path / "a.json"
    write_file(path, "old")

    def stopped():
        with replacing(path) as temporary:
            temporary.write_text("ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]
    assert path.read_text() == "old"


@pytest.mark.parametrize("pattern", ["*.parquet", "*.json", "*.safetensors", "*.csv", "*.wav"])
def test_no_reader_takes_what_a_killed_process_leaves(tmp_path, pattern):
    killed_while_writing(tmp_path / f"plane{pattern[1:]}")
    assert len(list(tmp_path.iterdir())) == 1
    assert not list(tmp_path.glob(pattern))


def test_what_a_killed_process_leaves_is_removed_by_the_next_that_writes_there(tmp_path):
    killed_while_writing(tmp_path / "a.json")
    files._clear_once.cache_clear()
    write_file(tmp_path / "b.json", "whole")
    assert [each.name for each in tmp_path.iterdir()] == ["b.json"]


def test_what_a_living_process_writes_is_left_alone(tmp_path):
    source = (
        "import sys; from pathlib import Path; from sercore.files import replacing\n"
        "with replacing(Path(sys.argv[1])) as temporary:\n"
        "    print('ready', flush=True); sys.stdin.read(); temporary.write_text('whole')"
    )
    with program(source, tmp_path / "a.json", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == "ready\n"
        remove_abandoned(tmp_path)
        process.communicate()
    assert process.returncode == 0
    assert (tmp_path / "a.json").read_text() == "whole"


def test_a_folder_of_somebody_else_is_not_removed_through_a_link(tmp_path):
    mine = tmp_path / "mine"
    write_file(mine / "letter.txt", "dear")
    (tmp_path / ".sercore-abcdefgh.tmp").symlink_to(mine)
    remove_abandoned(tmp_path)
    assert [each.name for each in mine.iterdir()] == ["letter.txt"]


def test_nobody_can_guess_where_a_file_is_made_or_look_into_it(tmp_path):
    places = set()
    for _ in range(3):
        with replacing(tmp_path / "a.json") as temporary:
            temporary.touch()
            places.add(temporary)
            assert temporary.parent.stat().st_mode & 0o777 == 0o700
    assert len(places) == 3


def test_a_file_has_the_rights_that_any_new_file_has(tmp_path):
    write_file(tmp_path / "a.json", "")
    (tmp_path / "b.json").touch()
    assert (tmp_path / "a.json").stat().st_mode == (tmp_path / "b.json").stat().st_mode


def test_content_is_on_the_disk_before_the_name_and_the_name_before_the_end(tmp_path, monkeypatch):
    done = []
    rename, fsync = Path.replace, os.fsync

    def note_and_sync(descriptor):
        done.append(("sync", Path(f"/proc/self/fd/{descriptor}").readlink().name))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note_and_sync)
    monkeypatch.setattr(Path, "replace", lambda one, to: (done.append(("name", to.name)), rename(one, to)))
    write_file(tmp_path / "new" / "a.json", "whole")
    assert done == [("sync", tmp_path.name), ("sync", "a.json"), ("name", "a.json"), ("sync", "new")]


def test_a_folder_takes_the_place_of_a_folder(tmp_path):
    write_file(tmp_path / "demo" / "old.txt", "old")
    with replacing(tmp_path / "demo") as fresh:
        write_file(fresh / "new.txt", "new")
    assert [each.name for each in tmp_path.rglob("*")] == ["demo", "new.txt"]


def test_one_process_at_a_time_adds_to_a_file(tmp_path):
    source = (
        "import sys, time; from pathlib import Path; from sercore.files import locked, write_file\n"
        "path = Path(sys.argv[1])\n"
        "for _ in range(20):\n"
        "    with locked(path.parent):\n"
        "        n = int(path.read_text()); time.sleep(.001); write_file(path, str(n + 1))"
    )
    path = tmp_path / "count.txt"
    write_file(path, "0")
    both = [program(source, path), program(source, path)]
    assert [process.wait() for process in both] == [0, 0]
    assert path.read_text() == "40"


def test_a_lock_that_is_never_let_go_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_LOCK_SECONDS", 0.1)
    refused = []

    def ask():
        try:
            with locked(tmp_path):
                pass
        except OSError as error:
            refused.append(str(error))

    with locked(tmp_path):
        other = threading.Thread(target=ask)
        other.start()
        other.join()
    assert "could not be acquired" in refused[0]


@pytest.mark.parametrize("name", ["a" * 247 + ".json", os.fsdecode(b"caf\xe9.json")])
def test_long_names_and_names_that_are_no_text_can_be_written(tmp_path, name):
    try_writing(tmp_path / name)
    assert not list(tmp_path.iterdir())
    write_file(tmp_path / name, f"of {name}")
    assert (tmp_path / name).read_text().startswith("of ")


def test_what_cannot_be_written_is_known_before(tmp_path):
    with pytest.raises(OSError, match="File name too long"):
        try_writing(tmp_path / ("a" * 256))
    write_file(tmp_path / "taken", "")
    with pytest.raises(OSError, match=r"exists|Not a directory"):
        try_writing(tmp_path / "taken" / "a.json")


def test_a_file_has_the_hash_of_its_content(tmp_path):
    write_file(tmp_path / "a", b"abc")
    assert sha256_of_file(tmp_path / "a") == sha256_of(b"abc")
    assert sha256_of(b"abc").startswith("ba7816bf")  # FIPS 180-4


def test_a_pipe_has_no_hash_and_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="pipe is no ordinary file"):
        sha256_of_file(tmp_path / "pipe")


def killed_before_change(number, path, source):
    """Whether the program was: one that makes fewer changes to files below the folder of ``path`` is not."""
    hook = (
        "import signal, sys; from pathlib import Path; from tests.fuzz.children import Kill, count_changes\n"
    )
    hook += "path, kill = Path(sys.argv[1]), Kill(signal.SIGKILL, change=int(sys.argv[2]))\n"
    hook += "from sercore.files import replacing, write_file; count_changes(path.parent, kill)\n"
    return program(hook + source, path, number).wait() == -signal.SIGKILL


def test_whenever_a_process_is_killed_a_file_is_the_old_one_or_the_new(tmp_path):
    path, found = tmp_path / "here" / "a.json", []
    write_file(path, "old")
    while killed_before_change(len(found) + 1, path, "write_file(path, 'new')"):
        found.append(path.read_text())
        remove_abandoned(path.parent)
        assert list(path.parent.iterdir()) == [path]
        write_file(path, "old")
    assert found == sorted(found, reverse=True)
    assert set(found) == {"old", "new"}


def test_whenever_a_process_is_killed_a_folder_is_never_half_of_one(tmp_path):
    folder, found = tmp_path / "here" / "demo", []
    source = "with replacing(path) as fresh: write_file(fresh / 'b', 'new'); write_file(fresh / 'c', 'new')"
    write_file(folder / "a", "old")
    while killed_before_change(len(found) + 1, folder, source):
        found.append(tuple(sorted(path.name for path in folder.glob("*"))))
        remove_abandoned(folder.parent)
        assert set(folder.parent.iterdir()) <= {folder}
        shutil.rmtree(folder, ignore_errors=True)
        write_file(folder / "a", "old")
    assert set(found) == {("a",), (), ("b", "c")}
