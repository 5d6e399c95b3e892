"""Addresses typed by people are understood, and keys never stay in them."""

import pytest

from gis.raster.tiles.keys import Access, access_file, load_access, save_access
from gis.raster.tiles.services import SERVICES, address_of, host_of, read_template, service_of
from layers.background import TileBackground
from layers.errors import BadInputError


@pytest.mark.parametrize(
    ("words", "template", "key"),
    [
        ("https://a.example/{z}/{x}/{y}.png", "https://a.example/{z}/{x}/{y}.png", ""),
        ("https://a.example/${z}/${x}/${y}", "https://a.example/{z}/{x}/{y}", ""),
        ("https://{switch:a,b}.example/{zoom}/{x}/{-y}.jpg", "https://{s}.example/{z}/{x}/{-y}.jpg", ""),
        (
            "https://w.example/t/{TileMatrix}/{TileRow}/{TileCol}?access_token=S3cret&v=1",
            "https://w.example/t/{z}/{y}/{x}?access_token={key}&v=1",
            "S3cret",
        ),
        ("https://w.example/{z}/{x}/{y}?tk={key}", "https://w.example/{z}/{x}/{y}?tk={key}", ""),
    ],
)
def test_common_spellings_are_one_template(words, template, key):
    assert read_template(words) == (template, key)


@pytest.mark.parametrize(
    "words",
    ["", "https://a.example/map.png", "file:///etc/{z}/{x}/{y}", "ftp://a/{z}/{x}/{y}", "//a/{z}/{x}/{y}",
     "https://a.example/{z}/{x}/{y}/{secret}", "https://[bad/{z}/{x}/{y}", "javascript:{z}{x}{y}"],
)  # fmt: skip
def test_nonsense_is_refused_with_an_example(words):
    with pytest.raises(BadInputError) as refused:
        read_template(words)
    assert "{z}" in refused.value.advice.zh


def test_every_known_service_has_whole_addresses_of_its_own_layer():
    for service in SERVICES.values():
        address = address_of(service, (12, 3393, 1598), "KEY")
        assert "{" not in address
        assert address.startswith("https://")
        assert "3393" in address
        assert "1598" in address
        assert ("KEY" in address) == service.needs_key
        if service.id.startswith("tianditu-"):
            layer = service.id.removeprefix("tianditu-")
            assert f"/{layer}_w/wmts" in address
            assert f"LAYER={layer}&" in address


def test_rows_can_be_counted_from_the_south():
    background = TileBackground("t", "t", template="https://a.example/{z}/{x}/{-y}")
    assert address_of(service_of(background), (3, 1, 2), "").endswith("/3/1/5")


def test_keys_and_consents_are_kept_with_the_user_alone(tmp_path):
    access = Access().with_key("t*.tianditu.gov.cn", "k").with_host("a.example")
    assert save_access(access)
    assert load_access() == access
    assert access_file().stat().st_mode & 0o077 == 0
    assert load_access().with_key("t*.tianditu.gov.cn", "").keys == {}


@pytest.mark.parametrize("content", ["", "[]", '{"keys": 3, "allowed": {"a": 1}}', '{"keys": {"a": 1}}'])
def test_a_damaged_file_of_keys_is_no_key(content):
    access_file().parent.mkdir(parents=True, exist_ok=True)
    access_file().write_text(content)
    assert load_access() == Access()


def test_a_key_copied_from_a_web_page_loses_what_nobody_sees():
    assert Access().with_key("a.example", " ab\u200bc\n\u00a0d\ufeff ").keys == {"a.example": "abcd"}
    assert Access().with_key("a.example", " \u200b").keys == {}


def test_one_key_serves_all_servers_of_a_service():
    assert len({SERVICES[name].host for name in SERVICES if name.startswith("tianditu-")}) == 1
    assert host_of("https://user:pass@Maps.example:8080/{z}/{x}/{y}") == "maps.example:8080"


@pytest.mark.parametrize(
    "address", ["https://me:secret@a.example/{z}/{x}/{y}.png", "http://me@a.example/{z}/{x}/{y}"]
)
def test_a_name_and_a_password_never_come_into_a_project(address):
    with pytest.raises(BadInputError) as refused:
        read_template(address)
    assert "secret" not in refused.value.message.zh + refused.value.advice.zh


@pytest.mark.parametrize(
    ("template", "owner", "printable"),
    [
        ("https://t3.tianditu.gov.cn/DataServer?T=img_w&x={x}&y={y}&l={z}&tk={key}", "天地图", True),
        ("https://webst01.is.autonavi.com/appmaptile?style=6&x={x}&y={y}&z={z}", "高德", False),
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "OpenStreetMap", True),
        ("https://tianditu.gov.cn.evil.example/{z}/{x}/{y}.png", "", True),
    ],
)
def test_what_a_known_owner_asks_for_holds_for_addresses_typed_by_hand(template, owner, printable):
    service = service_of(TileBackground("u", "t", template=template))
    assert owner in service.attribution
    assert bool(service.attribution) == bool(owner)
    assert service.printable == printable
