"""What the page itself says, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gis.publish.comment_text import ABOUT, DRAFT, ESTATE, HEAD, PLACE
from gis.publish.comment_text import WORDS as WORDS_LABEL
from layers.text import Text

WORDS: Final[Mapping[str, Text]] = {
    "skip": Text("跳到地图内容列表", "Skip to the lists"),
    "map": Text("地图", "Map"),
    "text_size": Text("字号", "Text size"),
    "text_larger": Text("放大字号", "Larger text"),
    "revision": Text("版次", "Revision"),
    "revisions": Text("历次版本", "Revisions"),
    "working": Text("当前方案（草稿）", "Working plan (draft)"),
    "working_short": DRAFT,
    "published_now": Text("本次公布", "Published here"),
    "older_shown": Text(
        "正在查看较早的版次，不是本次公布的方案。",
        "You are looking at an older revision, not the published one.",
    ),
    "tab_changes": Text("改了什么", "Changes"),
    "tab_find": Text("找我的楼", "Find"),
    "tab_problems": Text("问题点", "Problems"),
    "tab_legend": Text("图例", "Legend"),
    "tabs": Text("内容", "Contents"),
    "view": Text("看图方式", "View"),
    "view_before": Text("以前", "Before"),
    "view_after": Text("以后", "After"),
    "view_changes": Text("只看变化", "Changes"),
    "view_swipe": Text("左右对比", "Swipe"),
    "swipe": Text("左边是以前，右边是以后", "Left: before. Right: after"),
    "compared": Text("{after} 与 {before} 相比，有 {n} 处变化", "Changes from {before} to {after}: {n}"),
    "no_changes": Text("与 {before} 相比没有公开的变化。", "Nothing public changed since {before}."),
    "first_revision": Text(
        "这是第一个版次，没有可比较的以前版次。",
        "This is the first revision; there is nothing before it to compare.",
    ),
    "changes_hint": Text(
        "编号与图上三角形中的数字一致，点一下可在图上看到。",
        "Numbers match the triangles on the map. Tap one to see it there.",
    ),
    "answers": Text("回应 {codes}", "Answers {codes}"),
    "withheld": Text(
        "另有 {n} 项管线等内容不公布细节", "plus things such as pipes whose details are not published: {n}"
    ),
    "more": Text("详细", "Details"),
    "added": Text("新增", "added"),
    "removed": Text("取消", "removed"),
    "moved": Text("移位 {n} m", "moved {n} m"),
    "reshaped": Text("改形", "reshaped"),
    "changed": Text("调整", "changed"),
    "mark_added": Text("新增", "Added"),
    "mark_removed": Text("取消", "Removed"),
    "mark_moved": Text("移位、改形", "Moved, reshaped"),
    "mark_changed": Text("调整", "Changed"),
    "area_change": Text("面积 {n} m²", "area {n} m²"),
    "length_change": Text("长度 {n} m", "length {n} m"),
    "from_to": Text("{field}：{a} → {b}", "{field}: {a} → {b}"),
    "empty": Text("无", "none"),
    "quantities": Text("前后数量", "In numbers"),
    "quantity": Text("项目", "Item"),
    "before": Text("以前", "Before"),
    "after": Text("以后", "After"),
    "difference": Text("增减", "Change"),
    "find_label": Text("楼号或名称", "Building number or name"),
    "find_example": Text("例如 12、十二栋、幼儿园、R3-7", "For example 12, kindergarten, R3-7"),
    "find_none": Text(
        "没有找到“{q}”。只写楼号数字再试试。", "Nothing found for “{q}”. Try the number alone."
    ),
    "find_count": Text("找到 {n} 个", "{n} found"),
    "find_all": Text("全部楼栋（{n}）", "All buildings ({n})"),
    "near_changes": Text("周围 {n} 米内的变化", "Changes within {n} m"),
    "near_none": Text("{n} 米以内没有变化。", "No changes within {n} m."),
    "near_count": Text("周围有 {n} 处变化", "Changes nearby: {n}"),
    "right_here": Text("就在此处", "right here"),
    "distance": Text("{n} 米", "{n} m"),
    "superseded": Text(
        "本版已被 {name} 取代，请看新版。", "Superseded by {name}. Please read the newer one."
    ),
    "superseded_short": Text("已被 {label} 取代", "superseded by {label}"),
    "open_newer": Text("打开新版", "Open it"),
    "site_title": Text("改造方案公示", "Renovation plans on display"),
    "site_about": Text(
        "每个小区的历次公示方案，最新的在最上面。",
        "Every posted revision of each estate's plan, the newest first.",
    ),
    "site_current": Text("当前公示", "on display now"),
    "site_older": Text("以前的版次", "Earlier revisions"),
    "site_changes": Text("{n} 处变化", "Numbered changes: {n}"),
    "site_open": Text("查看方案", "See the plan"),
    "site_footer": Text(
        "由 Planboard 生成，打开时不联网。", "Made with Planboard; it opens without a network."
    ),
    "picture": Text("背景图", "Background picture"),
    "picture_of": Text("背景图：{name}", "Background: {name}"),
    "photo_of": Text("{name}的照片", "Photo of {name}"),
    "object_number": Text("引用编号", "Reference number"),
    "copy_comment": Text("对此提意见", "Comment on this"),
    "comment_field": Text("意见内容，可在末尾补写", "The comment; write at its end"),
    "comment_hint": Text(
        "在末尾写上您的意见，复制后可粘贴到微信或短信；也可以打电话报编号。",
        "Write at the end, copy, and paste it into any chat or mail. Or call and read out the number.",
    ),
    "print_a4": Text("打印 A4", "Print on A4"),
    "print_a3": Text("打印 A3", "Print on A3"),
    "save_picture": Text("保存地图图片", "Save the map as a picture"),
    "save_table": Text("下载变化清单 (CSV)", "Download the changes (CSV)"),
    "saved": Text("已保存到下载文件夹。", "Saved to the downloads."),
    "answers_head": Text("回应的问题", "Answers"),
    "reason_head": Text("原因", "Reason"),
    "copy": Text("复制文字", "Copy the text"),
    "copied": Text("已复制，可以粘贴了。", "Copied. You can paste it now."),
    "copy_by_hand": Text(
        "请长按或用 Ctrl+C 复制选中的文字。", "Copy the selected text with Ctrl+C or a long press."
    ),
    "comment_head": HEAD,
    "comment_brackets": Text("【…】", "[…]"),
    "comment_colon": Text("：", ": "),
    "comment_estate": ESTATE,
    "comment_about": ABOUT,
    "comment_place": PLACE,
    "comment_words": WORDS_LABEL,
    "place_at": Text("{name}", "{name}"),
    "place_side": Text("{name}{side}侧", "{side} side of {name}"),
    "place_away": Text("{name}{side}侧约{n}米", "about {n} m {side} of {name}"),
    "side_n": Text("北", "north"),
    "side_s": Text("南", "south"),
    "side_e": Text("东", "east"),
    "side_w": Text("西", "west"),
    "side_ne": Text("东北", "north-east"),
    "side_nw": Text("西北", "north-west"),
    "side_se": Text("东南", "south-east"),
    "side_sw": Text("西南", "south-west"),
    "problems_count": Text(
        "{n} 个问题点：{closed} 个已回应，{open} 个待解决",
        "Problem spots: {n}; answered: {closed}, open: {open}",
    ),
    "filter_all": Text("全部", "All"),
    "filter_open": Text("待解决", "Open"),
    "filter_closed": Text("已回应", "Answered"),
    "filter": Text("筛选", "Show"),
    "severity": Text("严重程度 {n} / 5", "Severity {n} of 5"),
    "no_problems": Text("这个版次没有公开的问题点。", "No problem spots are published in this revision."),
    "clouds": Text("变更编号", "Numbered changes"),
    "together": Text(
        "此处有 {n} 处变化：{from} 至 {to} 号之间", "{n} changes here, between numbers {from} and {to}"
    ),
    "together_hint": Text(
        "圆点中的数字是挤在一起的变化有几处，点一下放大看。",
        "A number in a disc counts changes that lie close together; tap it to look nearer.",
    ),
    "legend_hint": Text("勾选决定图上显示什么。", "Ticks decide what the map shows."),
    "show_layer": Text("显示“{layer}”", "Show {layer}"),
    "state_heading": Text("方案状态", "Plan states"),
    "place_number": Text("变更编号", "Change number"),
    "close": Text("关闭", "Close"),
    "zoom_in": Text("放大", "Zoom in"),
    "zoom_out": Text("缩小", "Zoom out"),
    "whole": Text("全图", "Whole site"),
    "expand": Text("展开列表", "Show the list in full"),
    "collapse": Text("还原", "Show map and list"),
    "comment": Text("怎样提意见", "How to comment"),
    "contact": Text("联系", "Contact"),
    "office": Text("公示单位", "Published by"),
    "period": Text("公示期", "Notice period"),
    "until": Text("截至 {date}", "until {date}"),
    "from_until": Text("{from} 至 {until}", "{from} to {until}"),
    "address": Text("网址", "Address"),
    "about": Text("关于本页", "About this page"),
    "about_text": Text(
        "本页由 Planboard 生成，所有内容都在这一个文件里，打开时不联网。坐标为场地内的相对位置。",
        "Made with Planboard. Everything is inside this one file; it opens without a network. Positions "
        "are relative to the site.",
    ),
    "keys": Text(
        "键盘：Tab 逐项移动；地图获得焦点后，方向键平移，+ 和 − 缩放，Esc 关闭说明窗。",
        "Keyboard: Tab moves on. With the map in focus, arrows pan, + and − zoom, Esc closes a note.",
    ),
    "leaflet": Text("地图程序的许可声明", "Licence of the map library"),
    "shown": Text("已显示 {what}", "Showing {what}"),
    "comments": Text("居民意见与答复", "Comments and replies"),
    "comments_count": Text("{n} 条意见，已答复 {closed} 条", "Comments: {n}; replied to: {closed}"),
    "about_codes": Text("涉及 {codes}", "about {codes}"),
    "broken": Text(
        "地图数据不完整或已损坏，无法显示互动地图。",
        "The map data is incomplete or damaged, so the interactive map cannot be shown.",
    ),
    "broken_advice": Text(
        "请向发布单位重新索取这个文件。下面是静态概览。",
        "Please ask for the file again. A static overview follows.",
    ),
    "cut": Text(
        "这个文件不完整：传送时被截断了，下面缺少一部分内容。请重新下载，或向发布单位重新索取。",
        "This file is incomplete: it was cut short on its way, and part of it is missing below. Please "
        "download it again or ask its publisher.",
    ),
    "no_script": Text(
        "您的浏览器未运行脚本，下面是静态概览和变化清单。用手机或电脑的浏览器打开，可以放大、查楼号。",
        "Scripts are not running here, so this is a static overview with the list of changes. Open "
        "the file in a browser to zoom and search.",
    ),
    "change_list": Text("变化清单", "List of changes"),
    "yes": Text("是", "yes"),
    "north": Text("北", "N"),
    "building": Text("{n}号楼", "Building {n}"),
    "households": Text("{n} 户", "{n} households"),
}

LANGUAGE_NAMES: Final = ("中文", "EN")
"""Each on the button that leads to it, whatever language is in force."""


def page_words() -> dict[str, list[str]]:
    """Return the words as the page's data holds them: key to [zh, en]."""
    return {**{key: list(text) for key, text in WORDS.items()}, "language": list(reversed(LANGUAGE_NAMES))}


def static_words(key: str) -> tuple[str, str]:
    """Return both halves of a sentence for the part of the page that needs no script."""
    text = WORDS[key]
    return text.zh, text.en
