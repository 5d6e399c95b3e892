"""A service on this machine and an empty cache."""

import pytest

from gis.raster.tiles.cache import TileCache
from gis.raster.tiles.fetching import TileFetcher
from gis.raster.tiles.keys import Access
from layers.background import TileBackground
from tests.gis.raster.tiles.server import running


@pytest.fixture
def server(monkeypatch):
    with running(monkeypatch) as service:
        yield service


@pytest.fixture
def background(server):
    return TileBackground("t", "地图", template=server.template, attribution="© Nobody", most_zoom=20)


@pytest.fixture
def fetcher(server, tmp_path):
    made = TileFetcher(TileCache(tmp_path / "tiles"), Access({}, frozenset({server.template.split("/")[2]})))
    yield made
    made.close()
