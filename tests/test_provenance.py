"""Where results come from, on machines where that is hard to say."""

import pytest

from sercore import provenance
from sercore.provenance import git_commit


def put_in_the_place_of_git(monkeypatch, folder, script):
    git = folder / "git"
    git.write_text(f"#!/bin/sh\n{script}\n")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


@pytest.mark.parametrize(
    "script", ["exec sleep 60", "exit 128", "printf '\\377'"], ids=["slow", "fails", "no text"]
)
def test_a_git_that_does_not_tell_costs_no_result(monkeypatch, tmp_path, script):
    put_in_the_place_of_git(monkeypatch, tmp_path, script)
    monkeypatch.setattr(provenance, "_GIT_SECONDS", 0.2)
    assert git_commit() == "unknown"


def test_a_tree_with_changes_is_told_from_a_clean_one(monkeypatch, tmp_path):
    put_in_the_place_of_git(monkeypatch, tmp_path, 'case "$3" in rev-parse) echo abc;; *) echo M a.py; esac')
    assert git_commit() == "abc+changes"
    put_in_the_place_of_git(monkeypatch, tmp_path, 'case "$3" in rev-parse) echo abc; esac')
    assert git_commit() == "abc"
