"""What publishing does to the machine: one file, nothing else."""

import os
import sys

import pytest

from gis.project import Project
from gis.publish import publish
from layers.text import Text
from tests.gis.publish.attacks import ATTACKS
from tests.gis.publish.plans import filled_with, second
from tests.gis.publish.test_publication import difference

STARTS = (
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.spawn",
    "os.startfile",
    "pty.",
)
_heard: list[tuple[str, tuple]] = []
_listening = [False]


def _hook(event, arguments):
    if _listening[0] and (event in ("open", "os.rename", "os.remove", "os.mkdir", "socket.connect")
                          or event.startswith(STARTS)):  # fmt: skip
        _heard.append((event, arguments))


@pytest.fixture
def heard():
    """Everything that is opened, started, moved or asked for while the test runs."""
    if not hasattr(sys, "_planboard_hook"):
        sys.addaudithook(_hook)  # stays for ever, so it is switched
        sys._planboard_hook = True
    _heard.clear()
    yield _heard
    _listening[0] = False


def written(heard):
    """Return the paths that were opened for writing."""
    return {
        str(path)
        for event, (path, mode, flags) in ((e, a) for e, a in heard if e == "open")
        if isinstance(path, str | bytes)
        and (flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or "w" in str(mode or ""))
    }


def test_publishing_hostile_words_starts_nothing_and_writes_only_the_target(tmp_path, heard):
    word = " ".join(ATTACKS)
    (tmp_path / "out").mkdir()
    with Project.create(tmp_path / "plan.gpkg", word, "EPSG:4548") as project:
        project.apply(difference(project.snapshot, filled_with(word)), Text("改", "edit"))
        project.freeze(word, word, word)
        project.apply(difference(project.snapshot, second()), Text("改", "edit"))
        project.freeze("二")
        publish(project, tmp_path / "out" / "first.html", revision="R2")  # libraries are loaded once
        _listening[0] = True
        publish(project, tmp_path / "out" / "page.html", revision="R2")
        _listening[0] = False
    assert [event for event, _ in heard if event.startswith(STARTS) or event == "socket.connect"] == []
    beside = {path for path in written(heard) if not os.path.basename(path).startswith(".planboard-")}
    assert {path for path in beside if not path.startswith(str(tmp_path / "plan.gpkg"))} == set()
    assert any(os.path.basename(path).startswith(".planboard-") for path in written(heard))
    assert [str(a[1]) for event, a in heard if event == "os.rename"] == [str(tmp_path / "out" / "page.html")]
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"first.html", "page.html"}
    assert {p.name for p in tmp_path.iterdir()} == {"out", "plan.gpkg"}
