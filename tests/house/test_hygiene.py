"""What tests/conftest.py promises about each test: nothing leaks, nothing is skipped, the gates are told."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.house.sources import ROOT

pytestmark = pytest.mark.xdist_group("hygiene")

PLANTED = """
import os
import threading
import time

import pytest
from PyQt6.QtWidgets import QWidget

KEPT = []


def test_leaks_a_thread():
    threading.Thread(target=time.sleep, args=(6,), daemon=True).start()


def test_leaks_a_window(qapp):
    KEPT.append(QWidget())


def test_closes_its_window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()


def test_ends_its_thread():
    threading.Thread(target=time.sleep, args=(0.1,)).start()


def test_is_skipped():
    pytest.skip("the tool is missing")


@pytest.mark.xfail(strict=True)
def test_is_known_to_fail():
    raise OSError


def test_has_no_screen_and_a_home_of_its_own():
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
    assert "pytest" in os.environ["XDG_CONFIG_HOME"]


def test_speaks_english():
    from gis import i18n
    i18n.set_language("en")


def test_speaks_chinese_again():
    from gis import i18n
    assert i18n.language() == "zh"
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Run the planted tests under the real conftest."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "tests/conftest.py", folder)
    (folder / "test_planted.py").write_text(PLANTED)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-rA",
        "-p",
        "no:cacheprovider",
        "--import-mode=importlib",
        str(folder),
    ]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT), "PLANBOARD_FAIL_ON_SKIP": "1", "PLANBOARD_FAILED_GATES": "mypy",
        "PYTEST_ADDOPTS": "",
    }  # fmt: skip
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    ).stdout


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("leaks_a_thread", "PASSED ERROR"),
        ("leaks_a_window", "PASSED ERROR"),
        ("closes_its_window", "PASSED"),
        ("ends_its_thread", "PASSED"),
        ("is_skipped", "FAILED"),
        ("is_known_to_fail", "XFAIL"),
        ("has_no_screen_and_a_home_of_its_own", "PASSED"),
        ("speaks_chinese_again", "PASSED"),
    ],
)
def test_each_planted_test_ends_as_it_should(outcome, name, expected):
    ends = re.findall(rf"^([A-Z]+) \S*::test_{name}\b", outcome, re.MULTILINE)
    assert set(ends) == set(expected.split()), outcome


def test_the_summary_names_the_gates_that_failed_before_its_counts(outcome):
    told = outcome.index("gates that failed before the tests")
    assert "mypy" in outcome[told:]
    assert re.search(r"=+ .*\d+ failed.* in [\d.]+s", outcome[told:].splitlines()[-1])
