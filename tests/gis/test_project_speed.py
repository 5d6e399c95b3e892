"""How fast the project file is, beside what GDAL needs for the same. Run with ``-m bench -s``."""

import statistics
import subprocess
import sys
import time

import numpy as np
import pytest
import shapely

from gis.project import Project
from layers.changes import Change, ChangeSet
from layers.feature import Feature
from tests.gis.store.plans import EDIT, put

COUNT = 100_000
PYOGRIO = """
import sys, time, pyogrio
pyogrio.read_dataframe(sys.argv[1], layer="tree")
start = time.perf_counter()
pyogrio.read_dataframe(sys.argv[1], layer="building")
print(time.perf_counter() - start)
"""


def timed(act):
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def houses():
    random = np.random.default_rng(1)
    angles = np.linspace(0, 2 * np.pi, 13)
    circle = np.c_[np.cos(angles), np.sin(angles)] * 8
    circle[-1] = circle[0]
    middles = random.uniform(0, 20_000, (COUNT, 2)) + np.array([610_000, 4_070_000])
    shapes = shapely.polygons(middles[:, None] + circle)
    common = {"use": "housing", "units": 3, "floors": 6, "year": 1998, "households": 36, "structure": "brick"}
    return [
        Feature(f"{i:032x}", s, {"number": str(i), "name": f"楼{i}", **common}) for i, s in enumerate(shapes)
    ]


def small_edits(project):
    times = []
    for i in range(0, 40 * 97, 97):
        feature = project.snapshot.layers["building"].table.at(i)
        times.append(timed(lambda f=feature, n=i: put(project, f.with_attributes(floors=7, name=str(n)))))
    return statistics.median(times)


@pytest.mark.bench
def test_a_project_of_100k_buildings_is_quick_to_write_edit_freeze_and_read(tmp_path):
    path = tmp_path / "big.gpkg"
    found = {}
    with Project.create(path, "t", "EPSG:4548") as project:
        changes = ChangeSet.of(Change("building", None, f) for f in houses())
        found["write all, s"] = timed(lambda: project.apply(changes, EDIT))
        found["one edit, median ms"] = small_edits(project) * 1000
        project.freeze("一稿")
        table = project.snapshot.layers["building"].table
        put(project, *(table.at(i).with_attributes(floors=8) for i in range(0, COUNT, 100)))
        found["freeze 1 %, s"] = timed(lambda: project.freeze("二稿"))
        found["changes between, s"] = timed(lambda: project.changes_between("R1", "R2"))
    start = time.perf_counter()
    with Project.open(path) as project:
        found["open, s"] = time.perf_counter() - start
        found["read the snapshot, s"] = timed(project._store.snapshot)
        found["a revision, s"] = timed(lambda: project.state("R1"))
        project.save_copy(tmp_path / "copy.gpkg")
    command = [sys.executable, "-c", PYOGRIO, str(tmp_path / "copy.gpkg")]
    found["pyogrio, s"] = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    found["reading : pyogrio"] = found["read the snapshot, s"] / found["pyogrio, s"]
    found["a revision : opening"] = found["a revision, s"] / found["open, s"]
    print("".join(f"\n{name:24}{value:8.3f}" for name, value in found.items()))  # noqa: T201
    assert found["reading : pyogrio"] < 1.5
    assert found["a revision : opening"] < 2.5
    assert found["freeze 1 %, s"] < 1.0
