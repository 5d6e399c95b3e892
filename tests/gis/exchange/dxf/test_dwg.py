"""What happens to DWG drawings, with and without a converter on the machine."""

import os
import sys

import ezdxf
import pytest

from gis.exchange.dxf.drawing import read_drawing
from layers.errors import BadInputError

_CONVERTER = """#!{python}
import pathlib, shutil, sys
source, target = map(pathlib.Path, sys.argv[1:3])
if {works}:
    shutil.copyfile({drawing!r}, target / "drawing.dxf")
"""


@pytest.fixture
def dwg(tmp_path):
    path = tmp_path / "总图 2020.dwg"
    path.write_bytes(b"AC1032" + bytes(range(256)) * 8)
    return path


def install(tmp_path, monkeypatch, *, works):
    """Put a program of the converter's name first on the path; it hands out a drawing made beforehand."""
    document = ezdxf.new("R2018")
    document.modelspace().add_lwpolyline([(0, 0), (20, 0), (20, 10), (0, 10)], close=True)
    document.saveas(tmp_path / "made.dxf")
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "ODAFileConverter"
    words = _CONVERTER.format(python=sys.executable, works=works, drawing=str(tmp_path / "made.dxf"))
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
    install(tmp_path, monkeypatch, works=True)
    drawing = read_drawing(dwg)
    assert drawing.path == dwg
    assert drawing.geometry[0].length == pytest.approx(60.0)


def test_a_converter_that_makes_nothing_is_told_apart_from_none(dwg, tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, works=False)
    with pytest.raises(BadInputError) as refused:
        read_drawing(dwg)
    assert "ODA" in refused.value.message.en
    assert not list(tmp_path.glob("*.dxf.*"))
