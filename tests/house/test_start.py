"""What ./run does around the program: set-up, working folder, exit code, and a machine without a screen."""

import os
import resource
import shutil
import subprocess
import sys

import pytest

from tests.house.sources import ROOT

pytestmark = pytest.mark.xdist_group("start")

# Stands in for the environment's interpreter: it writes down what it is asked, and fills in for pip.
FAKE_PYTHON = """#!/usr/bin/env bash
if [ "$1" = -c ]; then exit 0; fi
if [ "$1 $2" = "-m pip" ]; then echo "pip" >>"$FAKE_LOG"; exit "${FAKE_PIP:-0}"; fi
exec "$FAKE_REAL" "$@"
"""

FAKE_APP = """
import os, sys
with open(os.environ["FAKE_LOG"], "a", encoding="utf-8") as log:
    print(os.getcwd(), os.environ.get("QT_QPA_PLATFORM"), *sys.argv[1:], sep="|", file=log)
if "sample" in sys.argv:
    open(sys.argv[2], "w").close()
sys.exit(7 if "fail" in sys.argv else 0)
"""


class House:
    """A copy of the start commands over a stand-in program and interpreter."""

    def __init__(self, folder):
        self.root = folder / "小区 改造"
        self.log = folder / "log.txt"
        self.log.touch()
        self.root.mkdir()
        for command in ("run", "test"):
            shutil.copy(ROOT / command, self.root)
        shutil.copytree(ROOT / "bootstrap", self.root / "bootstrap")
        # The system's packages are another matter than the environment.
        for packages in ("packages-run.txt", "packages-test.txt"):
            (self.root / "bootstrap" / packages).write_text("coreutils /bin/sh\n")
        (self.root / "app.py").write_text(FAKE_APP, encoding="utf-8")
        self._make_environment()

    def _make_environment(self):
        python = self.root / ".venv/bin/python"
        python.parent.mkdir(parents=True)
        python.write_text(FAKE_PYTHON)
        python.chmod(0o755)
        (self.root / ".venv/pyvenv.cfg").write_text("version = 3.11.0\n")

    def run(self, *arguments, start=None, cwd=None, **environment):
        """Start it as a shell would, with no screen unless one is given."""
        clean = {name: value for name, value in os.environ.items() if name not in _SCREEN}
        clean |= {"FAKE_LOG": str(self.log), "FAKE_REAL": sys.executable} | environment
        command = [str(start or self.root / "run"), *arguments]
        return subprocess.run(
            command, cwd=cwd or self.root, env=clean, capture_output=True, text=True, check=False
        )

    def done(self):
        """Return what the interpreter was asked since the last time, and forget it."""
        lines = self.log.read_text("utf-8").splitlines()
        self.log.write_text("")
        return lines


_SCREEN = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


@pytest.fixture
def ready(house):
    assert house.run("info").returncode == 0
    house.done()
    return house


def test_a_first_start_fills_the_environment_and_a_second_does_not(house):
    assert house.run("info").returncode == 0
    assert house.done() == ["pip", f"{house.root}|offscreen|info"]
    house.run("info")
    assert house.done() == [f"{house.root}|offscreen|info"]


def test_a_failed_set_up_says_so_and_is_tried_again(house):
    failed = house.run("info", FAKE_PIP="1")
    assert failed.returncode == 75
    assert "网络" in failed.stderr
    assert "network" in failed.stderr
    assert house.done() == ["pip"]
    assert house.run("info").returncode == 0
    assert house.done() == ["pip", f"{house.root}|offscreen|info"]


@pytest.mark.parametrize("changed", ["bootstrap/requirements.lock", ".venv/pyvenv.cfg"])
def test_a_new_lock_or_interpreter_fills_the_environment_again(ready, changed):
    with (ready.root / changed).open("a") as file:
        file.write("\n")
    ready.run("info")
    assert ready.done()[0] == "pip"


def test_a_set_up_that_fails_half_way_makes_the_old_stamp_worthless(ready):
    lock = ready.root / "bootstrap/requirements.lock"
    before = lock.read_text()
    lock.write_text(before + "\n")
    ready.run("info", FAKE_PIP="1")
    lock.write_text(before)
    ready.done()
    ready.run("info")
    assert ready.done()[0] == "pip"


def test_what_the_tests_set_up_serves_the_program_too(house):
    assert "pytest" in house.run("--version", start=house.root / "test").stdout
    assert house.done() == ["pip"]
    house.run("info")
    assert house.done() == [f"{house.root}|offscreen|info"]


def test_arguments_exit_code_and_working_folder_pass_through(ready, tmp_path):
    elsewhere = tmp_path / "别处 folder"
    elsewhere.mkdir()
    ended = ready.run("info", "我的 图.gpkg", "fail", cwd=elsewhere)
    assert ended.returncode == 7
    assert ready.done() == [f"{elsewhere}|offscreen|info|我的 图.gpkg|fail"]


def test_standard_output_is_the_programs_own(house):
    assert house.run("info", "--json").stdout == ""


def test_it_starts_through_a_link(ready, tmp_path):
    link = tmp_path / "planboard"
    link.symlink_to(ready.root / "run")
    assert ready.run("info", start=link, cwd=tmp_path).returncode == 0
    assert ready.done() == [f"{tmp_path}|offscreen|info"]


def test_with_a_screen_and_no_arguments_the_window_opens(ready):
    ready.run(DISPLAY=":1")
    assert ready.done() == [f"{ready.root}|None"]


def test_a_project_is_not_opened_where_nobody_can_see_it(ready):
    assert ready.run("图.gpkg").returncode == 2
    assert ready.done() == []
    assert ready.run("图.gpkg", WAYLAND_DISPLAY="wayland-0").returncode == 0
    assert ready.done() == [f"{ready.root}|None|图.gpkg"]


def test_without_a_screen_the_sample_is_published_and_each_file_named(ready):
    ended = ready.run()
    out = ready.root / "out"
    verbs = [line.split("|")[2] for line in ready.done()]
    assert verbs == ["sample", "publish", "draw"]
    lines = ended.stdout.splitlines()
    assert len(lines) == 3
    for line, name in zip(lines, ["jinyin.gpkg", "jinyin-R3.html", "jinyin-R3.pdf"], strict=True):
        assert line.endswith(str(out / name))
    ready.run()
    assert [line.split("|")[2] for line in ready.done()] == ["publish", "draw"]


def test_a_missing_package_is_named_and_stops_only_what_paints(ready):
    (ready.root / "bootstrap/packages-run.txt").write_text("planboard-no-such-package /no/such/file\n")
    path = ready.root / "bin"
    path.mkdir()
    for name in ("apt-get", "sudo"):
        (path / name).write_text("#!/bin/sh\nexit 1\n")
        (path / name).chmod(0o755)
    python = ready.root / ".venv/bin/python"
    python.write_text(FAKE_PYTHON.replace("exit 0", "case $2 in *QApplication*) exit 1 ;; esac; exit 0", 1))
    search = f"{path}{os.pathsep}{os.environ['PATH']}"
    read = ready.run("info", PATH=search)
    assert read.returncode == 0
    assert "planboard-no-such-package" in read.stderr
    assert ready.run("draw", "x.gpkg", PATH=search).returncode == 75


def test_a_second_start_adds_less_than_a_tenth_of_a_second(ready):
    """Measured in work done, the least of several: a busy machine must not speak for the script."""
    bare = min(_seconds_of_work([sys.executable, "-c", ""], ready) for _ in range(5))
    whole = min(_seconds_of_work([str(ready.root / "run"), "info"], ready) for _ in range(5))
    assert whole - bare < 0.1


def _seconds_of_work(command, house):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ | {"FAKE_LOG": str(house.log), "FAKE_REAL": sys.executable}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
