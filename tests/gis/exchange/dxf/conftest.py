"""Drawings made on the spot and real ones, read in this process."""

import json
from pathlib import Path

import ezdxf
import pytest

from gis.exchange.dxf import reading
from gis.exchange.dxf.drawing import drawing_of

DATA = Path(__file__).parents[3] / "data" / "dxf"
WEST, SOUTH = 616600.0, 4078000.0


def read(path, encoding=None, unit=None):
    """Read a drawing without the child process; what it tells goes through JSON all the same."""
    table, told = reading.read(path, encoding, unit)
    return drawing_of(path, table, json.loads(json.dumps(told)))


@pytest.fixture
def made(tmp_path):
    """Return a function that lets somebody draw, and reads the drawing."""

    def made(draw, version="R2010", *, encoding=None, unit=None):
        document = ezdxf.new(version)
        draw(document, document.modelspace())
        path = tmp_path / "made.dxf"
        document.saveas(path)
        return read(path, encoding, unit)

    return made


def box(space, x, y, width, height, layer="0", close=True):
    """Draw an outline south-west at (x, y) of the estate."""
    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    corners += [] if close else [(x, y + 0.03)]
    points = [(WEST + a, SOUTH + b) for a, b in corners]
    return space.add_lwpolyline(points, close=close, dxfattribs={"layer": layer})


def words(space, text, x, y, layer="0"):
    """Write a text at (x, y) of the estate."""
    return space.add_text(text, height=2, dxfattribs={"layer": layer}).set_placement((WEST + x, SOUTH + y))
