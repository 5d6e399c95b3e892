"""The program ends cleanly, whatever it is doing: a process of its own, for it takes the application down."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.canvas.mapping import make_project

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import faulthandler, sys
from pathlib import Path
from PyQt6.QtCore import QThreadPool, QTimer
from ui import start

faulthandler.enable()
ended, first = [], start.open_first

def open_and_close(window, path):
    first(window, path)
    work = lambda: (sum(range(3_000_000)), ended.append(1))
    QThreadPool.globalInstance().start(work)
    QTimer.singleShot(int(sys.argv[2]), lambda: (QThreadPool.globalInstance().start(work), window.close()))

start.open_first = open_and_close
code = start.start(Path(sys.argv[1]))
print(len(ended))
sys.exit(code)
"""


def _homes(folder):
    return {name: str(folder) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "HOME")}


@pytest.mark.parametrize("closed_after_ms", [0, 400])
def test_the_window_goes_before_the_application_and_waits_for_what_works_beside_it(tmp_path, closed_after_ms):
    make_project(tmp_path / "plan.gpkg").close()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "plan.gpkg"), str(closed_after_ms)],
        env={**os.environ, **_homes(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["2"]
    assert "Traceback" not in done.stderr


def test_a_window_opens_without_what_is_for_later():
    """Each of these takes time at every start, and is loaded when it is asked for."""
    later = {
        "gis.publish.content", "gis.publish.comment_text", "gis.drawing.sheet", "gis.exchange.plan",
        "gis.raster.reading", "geopandas", "pandas", "folium", "rasterio", "pyogrio", "ezdxf", "mapclassify",
    }  # fmt: skip
    code = f"import sys, ui.start; print(sorted(set(sys.modules) & {later}))"
    assert all(importlib.util.find_spec(name) is not None for name in later)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_an_import_needs_is_never_loaded_in_the_thread_of_the_window(tmp_path):
    """A table is pasted at once after the start, before anything was loaded ahead."""
    code = """
import os, sys, threading
from importlib.machinery import SourceFileLoader
from pathlib import Path
from gis.project import Project
from gis.settings import Settings
from ui.start import application, make_window

app = application(Settings())
window = make_window(Settings())
window.session.set_project(Project.create(Path(sys.argv[1]), "Estate", "EPSG:4548"))
app.clipboard().setText("编号\\tX\\tY\\n1\\t500000\\t4000000\\n")
here, load, loaded = threading.get_ident(), SourceFileLoader.exec_module, []

def exec_module(loader, module):
    if threading.get_ident() == here and module.__name__.startswith(("ui.imports", "gis.exchange")):
        loaded.append(module.__name__)
    load(loader, module)

SourceFileLoader.exec_module = exec_module
window.file_actions.paste_table()
while window.file_actions._importing is None or window.file_actions._importing.form is None:
    app.processEvents()
print(loaded)
window.file_actions.end_import()
window.tasks.stop_all()
sys.stdout.flush()
os._exit(0)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "plan.gpkg")],
        env={**os.environ, **_homes(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
