"""The verbs of the command line: their names and one-line help.

The module of a verb is imported only when that verb is asked for. It has
``arguments(parser)``, ``run(arguments, console) -> Report`` and, if the verb
needs more words, ``DESCRIPTION``.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from layers.text import Text


class Verb(NamedTuple):
    """One verb: what it is called, what it does, and the module that does it."""

    name: str
    help: Text
    module: str


def _verb(name: str, zh: str, en: str, module: str | None = None) -> Verb:
    return Verb(name, Text(zh, en), f"gis.cli.verbs.{module or name}")


VERBS: Final = (
    _verb("sample", "生成示例小区", "write the sample estate"),
    _verb("new", "新建空白项目（含标准图层）", "make an empty project with the standard layers"),
    _verb("info", "查看标题、坐标系、图层、版次、待解决问题", "title, CRS, layers, revisions, open problems"),
    _verb(
        "import",
        "导入地图数据、表格、图纸和照片",
        "import map data, tables, drawings and photos",
        "import_file",
    ),
    _verb("export", "导出图层", "export layers"),
    _verb("revisions", "列出版次", "list the revisions"),
    _verb("freeze", "把当前方案定为新版次", "freeze the working plan as a revision"),
    _verb("diff", "比较两个版次", "compare two revisions"),
    _verb("ledger", "理由台账：问题、意见与修改", "the reason ledger: spots, comments, changes"),
    _verb("reason", "写明变更的理由", "give changes their reasons"),
    _verb("restore", "把当前方案恢复到某版次", "return the working plan to a revision"),
    _verb("branch", "比选方案：列出、新建、切换", "alternatives: list, begin, switch"),
    _verb("merge", "合并同事的副本", "take in a colleague's copy"),
    _verb("check", "按规则检查方案", "check the plan against the rules"),
    _verb("publish", "把版次发布为一个离线网页", "publish a revision as one offline page"),
    _verb(
        "draw", "把版次出成公示图（PDF、PNG、SVG）", "draw a revision as a notice-board sheet (PDF, PNG, SVG)"
    ),
    _verb(
        "posting",
        "公示记录：张贴地点、起止日期、现场照片、是否已被取代",
        "the posting record: where it hangs, from when to when, whether it still holds",
    ),
    _verb("render", "只把地图存成图片", "just the map, as an image"),
    _verb("doctor", "检查并修复项目文件", "check and repair a project file"),
    _verb("bench", "性能测试", "benchmarks"),
)
