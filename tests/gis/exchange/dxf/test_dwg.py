"""What happens to DWG drawings, with and without a converter on the machine."""

import os
import sys
import time
from pathlib import Path

import ezdxf
import pytest

from gis.exchange.dxf.drawing import read_drawing
from gis.exchange.dxf.dwg import as_dxf, find_converter
from gis.progress import Progress
from layers.errors import BadInputError, CancelledError

_CONVERTER = """#!{python}
import pathlib, shutil, sys, time
source, target = map(pathlib.Path, sys.argv[1:3])
assert [p.name for p in source.iterdir()] == ["drawing.dwg"] and sys.argv[4] == "DXF"
print("\\u56fe")
{does}
sys.exit(3)
"""
COPIES = "shutil.copyfile({drawing!r}, target / 'drawing.dxf')"
FAILS = "(target / 'drawing.dxf.err').write_text('Unsupported  version')"
SLEEPS = "time.sleep(60)"


@pytest.fixture
def dwg(tmp_path):
    path = tmp_path / "总图 2020.dwg"
    path.write_bytes(b"AC1032" + bytes(range(256)) * 8)
    return path


def install(tmp_path, monkeypatch, does):
    """Put a program of the converter's name first on the path; it hands out a drawing made beforehand."""
    document = ezdxf.new("R2018")
    document.modelspace().add_lwpolyline([(0, 0), (20, 0), (20, 10), (0, 10)], close=True)
    document.saveas(tmp_path / "made.dxf")
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "ODAFileConverter"
    does = does.format(drawing=str(tmp_path / "made.dxf"))
    words = _CONVERTER.format(python=sys.executable, does=does)
    program.write_text(words, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_without_a_converter_a_dwg_is_refused_with_the_way_on(dwg):
    with pytest.raises(BadInputError) as refused:
        read_drawing(dwg)
    assert refused.value.code == "import.dwg"
    assert "另存为" in refused.value.advice.zh
    assert "ODA File Converter" in refused.value.advice.en


def test_with_the_converter_a_dwg_comes_in_under_its_own_name(dwg, tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, COPIES)
    drawing = read_drawing(dwg)
    assert drawing.path == dwg
    assert drawing.geometry[0].length == pytest.approx(60.0)


def test_a_converter_that_makes_nothing_is_told_apart_from_none(dwg, tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, "pass")
    with pytest.raises(BadInputError) as refused:
        read_drawing(dwg)
    assert "it made no drawing" in refused.value.message.en
    assert not list(tmp_path.glob("*.dxf.*"))


def test_what_the_converter_writes_about_a_failure_is_told(dwg, tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, FAILS)
    with pytest.raises(BadInputError) as refused:
        read_drawing(dwg)
    assert refused.value.message.zh.endswith("Unsupported version")
    assert "另存为" in refused.value.advice.zh


def test_a_converter_that_does_not_end_is_stopped(dwg, tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, SLEEPS)
    monkeypatch.setattr("gis.exchange.dxf.dwg._PATIENCE_S", 0.3)
    with pytest.raises(BadInputError) as refused, as_dxf(dwg):
        pass
    assert "已停止" in refused.value.message.zh


def test_a_converter_ends_with_the_import_and_leaves_nothing_behind(dwg, tmp_path, monkeypatch):
    note = tmp_path / "pids"
    wrapped = (
        "import os, subprocess\n"
        "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(f'{{os.getpid()}} {{other.pid}} {{source.parent}}')\n"
        "time.sleep(60)"
    )
    install(tmp_path, monkeypatch, wrapped.replace("{", "{{").replace("}", "}}"))
    with pytest.raises(CancelledError):
        read_drawing(dwg, progress=Progress(None, lambda: note.exists() and note.read_text().count(" ") == 2))
    *pids, scratch = note.read_text().split()
    assert not Path(scratch).exists()
    until = time.monotonic() + 10  # a signal takes its moment
    while any(map(_runs, pids)) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(map(_runs, pids))


def _runs(pid):
    """Tell whether a process goes on; one that nobody has waited for yet does not."""
    try:
        return Path("/proc", pid, "stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_a_converter_that_cannot_be_started_is_told(dwg, tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, COPIES)
    (tmp_path / "bin" / "ODAFileConverter").write_bytes(b"\x7fELF")
    with pytest.raises(BadInputError) as refused, as_dxf(dwg):
        pass
    assert refused.value.code == "import.dwg"


def test_the_newest_of_several_installed_converters_is_taken(tmp_path):
    for release in ("25.4.0", "25.12.0", "9.1.0"):
        folder = tmp_path / "ODA" / f"ODAFileConverter {release}"
        folder.mkdir(parents=True)
        (folder / "ODAFileConverter.exe").write_bytes(b"")
    found = find_converter({"PATH": "", "ProgramFiles": str(tmp_path)})
    assert found is not None
    assert "25.12.0" in found
    assert find_converter({"PATH": ""}) is None


def test_names_do_not_decide_what_a_drawing_is(dwg, tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, COPIES)
    wrong = dwg.rename(tmp_path / "其实是.dxf")
    assert read_drawing(wrong).geometry[0].length == pytest.approx(60.0)
    plain = tmp_path / "其实是.dwg"
    plain.write_bytes((tmp_path / "made.dxf").read_bytes())
    assert read_drawing(plain).geometry[0].length == pytest.approx(60.0)
