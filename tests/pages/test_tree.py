"""What a screen reader is told: the page as a tree of roles and names."""

import pytest
from playwright.sync_api import expect

CHANGES = """
- banner:
  - heading "试验小区" [level=1]
  - paragraph:
    - text: 版次
    - combobox "版次":
      - option "R2 · 2020年6月18日" [selected]
      - option "R1 · 2020年6月18日"
    - text: 公示稿 第1版
  - button "放大字号": A+
  - button "EN"
- link "跳到地图内容列表"
- complementary:
  - tablist "内容":
    - tab "改了什么" [selected]
    - tab "找我的楼"
    - tab "问题点"
    - tab "图例"
  - tabpanel "改了什么":
    - heading "R2 公示稿 第1版" [level=2]
    - heading /R2 与 R1 相比，有 \\d+ 处变化/ [level=3]
    - list:
      - listitem:
        - button "1. 移动住宅楼 1"
      - listitem:
        - button "2. 改造雨水管 1 D01 门口积水"
"""

MAP = """
- region "地图":
  - group "看图方式":
    - button "以前"
    - button "以后" [pressed]
    - button "只看变化"
    - button "左右对比"
"""

BUILDING = """
- complementary:
  - group:
    - button "关闭"
    - paragraph: 建筑
    - heading "12号楼" [level=2]
    - heading "周围 40 米内的变化" [level=3]
    - list
    - term: 楼号
    - definition: "12"
"""

FOUND = """
- tabpanel "找我的楼":
  - text: 楼号或名称
  - searchbox "楼号或名称"
  - paragraph: 找到 1 个
  - list:
    - listitem:
      - button /12号楼/
"""

LEGEND = """
- tabpanel "图例":
  - checkbox "变更编号" [checked]
  - heading "问题点" [level=3]
  - checkbox "显示“交通堵点”" [checked]
"""


@pytest.fixture(scope="module")
def page(two):
    return two


def test_head_tabs_and_changes_read_in_order(reader, page):
    opened = reader.open(page)
    expect(opened.locator("body")).to_match_aria_snapshot(CHANGES)
    expect(opened.locator("body")).to_match_aria_snapshot(MAP)


def test_a_search_and_a_building_read_in_order(reader, page):
    opened = reader.open(page)
    opened.click("#tab-find")
    opened.fill("#query", "12")
    expect(opened.locator("body")).to_match_aria_snapshot(FOUND)
    opened.locator("#found button").first.click()
    expect(opened.locator("body")).to_match_aria_snapshot(BUILDING)


def test_the_legend_is_a_list_of_switches(reader, page):
    opened = reader.open(page)
    opened.click("#tab-legend")
    expect(opened.locator("body")).to_match_aria_snapshot(LEGEND)


def test_the_map_itself_is_no_riddle_of_unnamed_pictures(reader, page):
    told = reader.open(page).locator("#stage").aria_snapshot()
    assert "img" not in told
    assert "application" not in told


def test_chinese_words_on_an_english_page_are_told_to_be_chinese(reader, page):
    opened = reader.open(page, locale="en-GB")
    untold = opened.evaluate(
        """() => [...document.querySelectorAll("#app bdi, #top bdi")].filter(e => e.checkVisibility()
        && /[\\u3400-\\u9fff]/.test(e.textContent) && !e.closest('[lang^="zh"]:not(html)'))
        .map(e => e.textContent)"""
    )
    assert untold == []
