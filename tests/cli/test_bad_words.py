"""Words that no verb can take, and disks that take no more."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("box", ["nan,nan,nan,nan", "1e308,1e308,1.1e308,1.1e308", "0,0,inf,inf"])
def test_an_extent_of_no_numbers_is_wrong_usage(run, project, tmp_path, box):
    assert run("render", project, "-o", tmp_path / "a.png", "--bbox", box).code == 2
    assert not (tmp_path / "a.png").exists()


def test_an_unknown_option_before_the_verb_is_wrong_usage(run):
    outcome = run("--nonsense")
    assert outcome.code == 2
    assert "--nonsense" in outcome.err
    assert run("--json", "--help").code == 0


@pytest.mark.parametrize(("name", "title"), [("a.gpkg", "  "), ("a.txt", "小区"), ("a", "小区")])
def test_a_new_project_needs_a_title_and_its_ending(run, tmp_path, name, title):
    assert run("new", tmp_path / name, "--title", title).code == 2
    assert not list(tmp_path.iterdir())


def test_what_a_page_holds_is_counted_in_the_readers_words(run, project, tmp_path):
    words = run("publish", project, "--revision", "R2", "-o", tmp_path / "a.html", "--language", "zh").out
    assert "features" not in words
    assert "对象" in words


def with_little_room(kilobytes, *arguments):
    """Run a verb that may write files of so many kilobytes only, as on a disk that is nearly full."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024,) * 2)

    return subprocess.run(
        [sys.executable, ROOT / "app.py", *map(str, arguments)],
        capture_output=True,
        text=True,
        preexec_fn=limit,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )


@pytest.mark.parametrize("ending", [".pdf", ".svg", ".png"])
def test_a_sheet_that_the_disk_cannot_hold_is_told_and_leaves_nothing(project, tmp_path, ending):
    out = tmp_path / "out"
    out.mkdir()
    done = with_little_room(8, "draw", project, "--revision", "R2", "-o", out / f"a{ending}", "--sheet", "A4")
    assert (done.returncode, list(out.iterdir())) == (50, []), done.stderr


def test_half_a_sample_is_not_left_behind(tmp_path):
    done = with_little_room(900, "sample", tmp_path / "a.gpkg")
    assert (done.returncode, list(tmp_path.iterdir())) == (50, []), done.stderr
