"""A service is asked politely, only when allowed, and left alone once it says no."""

import time

import pytest

from gis.raster.tiles.asking import USER_AGENT
from gis.raster.tiles.cache import TileCache
from gis.raster.tiles.fetching import PARALLEL, STALE_S, TileFetcher, read_description
from gis.raster.tiles.keys import Access
from gis.raster.tiles.services import service_of
from layers.background import TileBackground
from layers.errors import BadInputError

TILES = [(5, column, row) for column in range(4) for row in range(3)]


def fetched(fetcher, background, tiles=TILES):
    fetcher.want(service_of(background), tiles)
    assert fetcher.wait(10)
    return [tile for tile in tiles if fetcher.cache.read(service_of(background), tile)]


def test_tiles_come_and_are_not_asked_for_again(server, background, fetcher):
    assert fetched(fetcher, background) == TILES
    assert len(server.asked) == len(TILES)
    service = service_of(background)
    assert all(fetcher.cache.is_fresh(service, tile) for tile in TILES)
    assert server.agents == {USER_AGENT}
    assert server.most_at_once <= PARALLEL


def test_nothing_is_asked_before_the_user_agrees(server, background, fetcher):
    fetcher.use(Access())
    assert fetched(fetcher, background) == []
    assert server.asked == []
    assert fetcher.state(service_of(background))[0] == "ask"


def test_a_refused_key_is_refused_once_and_a_new_one_is_tried(server, fetcher):
    server.key = "right"
    keyed = TileBackground("t", "t", template=server.template + "?tk={key}")
    service = service_of(keyed)
    assert fetcher.state(service)[0] == "no-key"
    fetcher.use(fetcher.access.with_key(service.host, "wrong"))
    assert fetched(fetcher, keyed) == []
    assert fetcher.state(service) == ("refused", "403 no")
    asked = len(server.asked)
    assert asked < len(TILES)
    assert fetched(fetcher, keyed) == []
    assert len(server.asked) == asked
    fetcher.use(fetcher.access.with_key(service.host, "right"))
    assert fetched(fetcher, keyed) == TILES


def test_what_is_no_picture_is_not_kept(server, background, fetcher):
    server.body = b"<html>log in</html>"
    assert fetched(fetcher, background) == []
    assert fetcher.state(service_of(background)) == ("wrong", "text/html")


def test_a_dead_server_is_left_alone_for_a_while(background, tmp_path, monkeypatch):
    template = "http://127.0.0.1:9/{z}/{x}/{y}"
    dead = TileBackground("t", "t", template=template)
    fetcher = TileFetcher(TileCache(tmp_path / "t"), Access({}, frozenset({"127.0.0.1:9"})))
    try:
        began = time.monotonic()
        assert fetched(fetcher, dead) == []
        assert time.monotonic() - began < 5
        assert fetcher.state(service_of(dead))[0] == "offline"
        assert fetcher.want(service_of(dead), TILES) == 0
        fetcher.retry()
        assert fetcher.state(service_of(dead))[0] == "ready"
    finally:
        fetcher.close()


def test_a_place_without_a_map_is_asked_for_once(server, background, fetcher):
    server.status = 404
    assert fetched(fetcher, background, TILES[:2]) == []
    assert fetcher.state(service_of(background))[0] == "ready"
    fetched(fetcher, background, TILES[:2])
    assert len(server.asked) == 2


def test_older_wishes_are_forgotten_when_the_view_moves_on(server, background, fetcher):
    many = [(9, column, row) for column in range(16) for row in range(16)]
    fetcher.want(service_of(background), many)
    last = [(9, 300, 300)]
    assert fetched(fetcher, background, last) == last
    assert len(server.asked) < len(many)


def test_the_cache_keeps_within_its_size_and_holds_no_key(tmp_path):
    service = service_of(TileBackground("t", "t", template="https://a.example/{z}/{x}/{y}?tk={key}"))
    cache = TileCache(tmp_path, most_bytes=60_000)
    for column in range(400):
        cache.write(service, (9, column, 0), b"\x89PNG" + b"x" * 996)
    kept = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert kept <= 60_000


def test_a_full_disk_is_no_trouble(tmp_path):
    (tmp_path / "file").write_text("")
    service = service_of(TileBackground("t", "t", template="https://a.example/{z}/{x}/{y}"))
    cache = TileCache(tmp_path / "file")
    cache.write(service, (1, 0, 0), b"\x89PNG")
    assert cache.read(service, (1, 0, 0)) is None


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_in_trouble_is_told_from_one_out_of_reach(server, background, fetcher, status):
    server.status = status
    fetched(fetcher, background)
    assert fetcher.state(service_of(background)) == ("failing", str(status))


KEYED = "?tk={key}"


@pytest.fixture
def keyed(server, fetcher):
    made = TileBackground("t", "t", template=server.template + KEYED)
    fetcher.use(fetcher.access.with_key(service_of(made).host, "some"))
    return made


@pytest.mark.parametrize("status", [401, 403, 418])
def test_a_refusal_is_about_the_key_only_where_there_is_one(server, background, keyed, fetcher, status):
    server.status = status
    fetched(fetcher, keyed)
    fetched(fetcher, background)
    assert fetcher.state(service_of(keyed)) == ("refused", f"{status} no")
    assert fetcher.state(service_of(background)) == ("forbidden", f"{status} no")


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ('{"msg":"非法Key","resolve":"请到API控制台重新申请Key","code":301001}', "refused"),
        ('<?xml version="1.0"?><ExceptionReport><Text>invalid token</Text></ExceptionReport>', "refused"),
        ("<!DOCTYPE html><html>your key to the hotel's network</html>", "wrong"),
        ("nothing to see", "wrong"),
    ],
)
def test_an_answer_in_words_is_about_the_key_if_it_speaks_of_it(server, keyed, fetcher, body, state):
    server.body = body.encode()
    fetched(fetcher, keyed)
    assert fetcher.state(service_of(keyed))[0] == state


@pytest.mark.parametrize(("status", "state"), [(429, "busy"), (407, "offline")])
def test_what_passes_by_itself_is_no_refusal(server, keyed, fetcher, status, state):
    server.status = status
    fetched(fetcher, keyed)
    assert fetcher.state(service_of(keyed))[0] == state


def test_slow_tiles_that_nobody_waits_for_make_room(server, background, fetcher):
    server.slow_s, service = 20.0, service_of(background)
    fetcher.want(service, TILES[:PARALLEL])
    assert server.is_asked(PARALLEL)
    time.sleep(STALE_S)
    server.slow_s = 0.0
    began = time.monotonic()
    assert fetched(fetcher, background, TILES[-1:]) == TILES[-1:]
    assert time.monotonic() - began < 3
    assert fetcher.state(service)[0] == "ready"


def test_leaving_does_not_wait_for_a_slow_server(server, background, fetcher):
    server.slow_s = 20.0
    fetcher.want(service_of(background), TILES)
    assert server.is_asked(PARALLEL)
    began = time.monotonic()
    fetcher.close()
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"msg":"非法Key","resolve":"请到API控制台重新申请Key"}', "非法Key"),
        ("<?xml version='1.0'?><Report><Text>invalid\x07 token</Text></Report>", "invalid token"),
        ('{"code": 7, "key": ["' + "x" * 100 + '"]}', "text/html"),
        ("key " * 300, "text/html"),
    ],
)
def test_the_words_of_the_service_are_told_if_they_are_short(server, keyed, fetcher, body, told):
    server.body = body.encode()
    fetched(fetcher, keyed)
    assert fetcher.state(service_of(keyed)) == ("refused", told)


@pytest.mark.parametrize("address", ["http://localhost:{port}/1/1/1.png", "ftp://127.0.0.1/a"])
def test_a_service_that_sends_on_to_another_host_is_not_followed(server, background, fetcher, address):
    server.sent_to = address.format(port=server.template.split(":")[2].split("/")[0])
    assert fetched(fetcher, background, TILES[:1]) == []
    assert fetcher.state(service_of(background))[0] == "elsewhere"
    assert len(server.asked) == 1


def test_a_service_that_sends_on_to_itself_is_followed(server, background, fetcher):
    server.sent_to = server.template.format(z=5, x=1, y=1)
    server.sends = 1
    assert fetched(fetcher, background, TILES[:1]) == TILES[:1]


def test_a_service_that_sends_round_in_a_circle_is_told(server, background, fetcher):
    server.sent_to = server.template.format(z=5, x=1, y=1)
    assert fetched(fetcher, background, TILES[:1]) == []
    assert fetcher.state(service_of(background))[0] == "wrong"


@pytest.mark.parametrize("status", [401, 403])
def test_a_service_that_does_not_describe_itself_without_a_key_says_so(server, status):
    server.status = status
    with pytest.raises(BadInputError) as refused:
        read_description(server.template.format(z=1, x=1, y=1))
    assert str(status) in refused.value.message.zh
    assert "tk=" in refused.value.advice.zh
