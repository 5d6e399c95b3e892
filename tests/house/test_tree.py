"""What must stand in the repository, and what must not."""

import os
import re
import tomllib

import pytest

from tests.house.sources import ROOT, kept_files, kept_texts

pytestmark = pytest.mark.xdist_group("house")

REQUIRED = [
    "README.md",
    "README.zh-CN.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "pyproject.toml",
    "app.py",
    "run",
    "run.bat",
    "test",
    ".ci/run",
    "bootstrap/requirements.lock",
    "bootstrap/requirements-test.lock",
]

# Written so that this file does not match itself.
INDEX_ADDRESS = re.compile(
    r"""index[-]url | "resolved":\ *"http | ^registry\ *= | https?://[^\s]*/(simple|packages|debian)/""",
    re.MULTILINE | re.VERBOSE,
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|farm|root|home/[a-z]\w*|Users/[A-Za-z]\w*)/")
ADDRESS = re.compile(
    r"""index[-]url|"resolved":\ *"http|^registry\ *=|https?://[^\s]*/(simple|packages|debian)/""",
    re.MULTILINE | re.VERBOSE,
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|farm|root|home/[a-z]\w*|Users/[A-Za-z]\w*)/")
ADDRESS = re.compile(r"https?://")


@pytest.mark.parametrize("name", REQUIRED)
def test_required_files_stand_in_the_tree(name):
    assert name in kept_files()


@pytest.mark.parametrize("name", ["run", "test", ".ci/run", "bootstrap/lock"])
def test_commands_can_be_executed(name):
    assert os.access(ROOT / name, os.X_OK)


def test_ci_calls_the_test_command():
    assert "\n./test\n" in (ROOT / ".ci/run").read_text()


def test_the_licence_is_whole():
    text = (ROOT / "LICENSE").read_text()
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "END OF TERMS AND CONDITIONS" in text


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(INDEX_ADDRESS, "https://a.example/sim" + "ple/x"), (MACHINE_PATH, "'/ro" + "ot/x'")],
)
def test_the_patterns_can_match(pattern, text):
    assert pattern.search(text)


@pytest.mark.parametrize("pattern", [INDEX_ADDRESS, MACHINE_PATH], ids=["package index", "machine path"])
def test_no_text_names_one_machine(pattern):
    found = ((name, pattern.search(text)) for name, text in kept_texts())
    assert [f"{name}: {match.group()}" for name, match in found if match] == []


def test_no_file_of_an_open_project_is_kept():
    left_over = re.compile(r"-(wal|shm|journal)$|__pycache__|\.venv/|^out/")
    assert [name for name in kept_files() if left_over.search(name)] == []


@pytest.mark.parametrize("name", [name for name in kept_files() if name.endswith(".md")])
def test_every_link_of_a_page_leads_somewhere(name):
    page = ROOT / name
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def _locked(name: str) -> dict[str, str]:
    text = (ROOT / "bootstrap" / name).read_text()
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _names(requirements: list[str]) -> set[str]:
    return {_normal(re.match(r"[A-Za-z0-9._-]+", requirement).group()) for requirement in requirements}


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    runtime = _names(project["project"]["dependencies"])
    assert runtime <= _locked("requirements.lock").keys()
    assert runtime | _names(project["dependency-groups"]["test"]) <= _locked("requirements-test.lock").keys()


def test_the_test_lock_contains_the_program_lock():
    assert _locked("requirements.lock").items() <= _locked("requirements-test.lock").items()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_pins_every_file_and_names_no_place(name):
    text = (ROOT / "bootstrap" / name).read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert not ADDRESS.search(text)
    assert "#" not in text


@pytest.mark.parametrize("name", ["packages-run.txt", "packages-test.txt"])
def test_each_system_package_says_how_it_is_recognised(name):
    lines = (ROOT / "bootstrap" / name).read_text().splitlines()
    assert all(len(line.split()) >= 2 for line in lines if line and not line.startswith("#"))


def test_the_windows_start_file_is_plain_ascii_and_finds_its_sentences():
    text = (ROOT / "run.bat").read_bytes().decode("ascii")
    sentences = re.findall(r'"%SAY%\\([\w-]+\.txt)"', text)
    assert sentences
    for name in sentences:
        assert re.search("[\u4e00-\u9fff]", (ROOT / "bootstrap/windows" / name).read_text("utf-8"))
    labels = set(re.findall(r"^:(\w+)", text, re.MULTILINE))
    assert set(re.findall(r"goto (\w+)", text)) <= labels
