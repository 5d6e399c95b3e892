"""Links to a state of a published page."""

import pytest

from gis.links import is_web_address, published_address, state_link
from tests.gis.publish.plans import snapshot


def test_the_working_plan_is_called_draft_and_labels_are_quoted():
    assert state_link("https://a.cn/x.html", "") == "https://a.cn/x.html#r=draft"
    assert state_link("https://a.cn/#old", "公示 &2", english=True) == (
        "https://a.cn/#r=%E5%85%AC%E7%A4%BA%20%262&l=en"
    )


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "不是网址", "https://", "http:a.cn", "//a.cn", "https://["],
)
def test_only_whole_addresses_of_the_web_are_led_to(address):
    assert not is_web_address(address)
    assert published_address(snapshot(settings={"publish.address": address})) == ""


def test_an_older_name_of_the_address_still_counts():
    old = {"publish.url": "https://a.cn/old"}
    assert published_address(snapshot(settings=old)) == "https://a.cn/old"
    new = {"publish.address": " https://a.cn/new "}
    assert published_address(snapshot(settings={**old, **new})) == "https://a.cn/new"
