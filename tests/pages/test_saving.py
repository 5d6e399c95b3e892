"""Taking the map along as a picture and the changes as a table."""

import csv
import io
from dataclasses import replace

import pytest
from PIL import Image

from gis.publish.page import build_page
from layers.text import same
from tests.gis.publish.attacks import ATTACKS
from tests.gis.publish.plans import content


def saved(opened, number):
    """Return name and bytes of what a button saves; the page asks nobody for it."""
    with opened.expect_download() as download:
        opened.locator("#foot .saves button").nth(number).click()
    opened.requests[:] = [url for url in opened.requests if not url.startswith("blob:")]
    return download.value.suggested_filename, download.value.path().read_bytes()


@pytest.mark.parametrize("size", [(1280, 800), (360, 640)])
def test_the_map_is_saved_as_a_picture_with_title_and_scale(reader, two, size):
    name, data = saved(reader.open(two, size=size), 2)
    assert name == "试验小区-R2.png"
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    assert picture.width >= 2500
    title = picture.crop((0, 0, picture.width // 2, 150))
    assert title.getextrema()[0][0] < 90
    assert len(picture.resize((200, 160)).getcolors(40_000)) > 200


def test_a_spreadsheet_runs_nothing_of_a_saved_table(reader):
    made = content()
    group = made.comparisons[-1].groups[0]
    hostile = [
        replace(group, number=i + 1, title=same(word), because=(word,)) for i, word in enumerate(FORMULAS)
    ]
    page = build_page(replace(made, comparisons=(replace(made.comparisons[-1], groups=tuple(hostile)),)))
    name, data = saved(reader.open(page), 3)
    assert name.endswith(".csv")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == 1 + len(FORMULAS)
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert rows[0] == ["变更编号", "改了什么", "回应的问题", "原因"]


FORMULAS = ('=HYPERLINK("x")', "+1", "-1", "@x", "\t=1", "\r=1", " =1", *ATTACKS[:6])


def test_a_file_name_keeps_only_letters_and_digits(reader):
    name, _ = saved(reader.open(build_page(replace(content(), title="../../CON:<金茵>|\u202e*"))), 2)
    assert name == "CON-金茵-R2.png"
