"""Where a resident's words end in a chat that was copied whole: at the line with which the chat goes on.

A chat puts lines of its own between what people say: who speaks next and when, that somebody took a
message back, a red packet. Cutting too much would lose what a resident said, so a line that a resident
may have written as well (``早上 8:30``, ``建议：``, an empty line) ends nothing.
"""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = r"[^\s，。！？；、：,!?;:【】\[\]][^\n，。！？；、：,!?;:【】\[\]]{0,39}?"
_PLACE: Final = r"(?<![上下前后里外内口旁边处楼门路院园区栋号])"
"""Where a name ends so, it is a place: 楼下 8:30 is where and when, and nobody who speaks."""
_DAY: Final = r"(?:昨天|前天|今天|(?:星期|周)[一二三四五六日天])"
_DATE: Final = rf"(?:\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?|\d{{1,2}}[-/.]\d{{1,2}}|{_DAY})"
_TIME: Final = (
    r"(?:上午|下午|晚上|凌晨|中午|[AP]M)?[ \t]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:[ \t]*[AP]M)?[ \t]*$"
)
_DATED: Final = rf"^[ \t]*{_NAME}{_PLACE}[ \t]+{_DATE}[ \t]*{_TIME}"
_SPEAKER: Final = rf"[^\s\d，。！？；、：,!?;:【】\[\]]{{1,16}}{_PLACE}[ \t]+{_TIME}"
_TIMED: Final = rf"^[ \t]*(?![^\n]*[早晚晨夜午每天从到至约点时改在]){_SPEAKER}(?=\s*\S)"
"""A name and a time of day alone count only in a chat that names who speaks so, if they cannot be the end
of a sentence, and if somebody speaks then."""
_SECONDS: Final = rf"^[ \t]*{_NAME}{_PLACE}[ \t]+\d{{1,2}}:\d{{2}}:\d{{2}}[ \t]*$"
_TITLE: Final = r"(?:【[^】\n]{1,8}】)?"
_NUMBERED: Final = (
    rf"^[ \t]*{_TITLE}{_NAME}[(（<]\s*(?:\d{{5,12}}|[\w.+-]+@[\w.-]+)\s*[)）>]"
    rf"[ \t]*(?:{_DATE}[ \t]*)?{_TIME}"
)
_DATE_FIRST: Final = (
    r"^[ \t]*\d{4}[-/]\d{1,2}[-/]\d{1,2}[ \t]+\d{1,2}:\d{2}:\d{2}[ \t]+"
    rf"{_TITLE}{_NAME}[^\n]{{0,24}}$"
)
"""How QQ copies: seconds, a number behind the name, or the date before it."""
_DIVIDER: Final = r"^[ \t]*[-—–─━]{3,}[ \t]*\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?[ \t]*[-—–─━]{3,}[ \t]*$"
"""How WeChat begins a day in a transcript."""
_TOLD: Final = (
    r"^[ \t]*(?:[^\n，。！？]{0,40}撤回了一条(?:成员)?消息[^\n]{0,8}"
    r"|[^\n，。！？]{0,80}加入了?群聊[^\n]{0,8}"
    r"|[\[［【](?:微信)?红包[\]］】][^\n]*|收到红包[，,]请在手机上查看"
    r"|[\[［【](?:图片|视频|语音|动画表情|表情|文件|链接|聊天记录|小程序|位置)[\]］】]"
    r"|[^\n]{1,40} recalled a message)[ \t]*$"
)
_FLAGS: Final = re.MULTILINE | re.IGNORECASE
_SURE: Final = (_DATED, _SECONDS, _NUMBERED, _DATE_FIRST, _DIVIDER, _TOLD)
_GOES_ON: Final = re.compile("|".join(_SURE), _FLAGS)
_GOES_ON_TIMED: Final = re.compile("|".join((*_SURE, _TIMED)), _FLAGS)

_CALLED: Final = r"[^\s，。！？；、：,!?;:【】\[\]]{1,16}[ \t]*[：:][ \t]*"
_CALLED_NEXT: Final = re.compile(rf"\n[ \t]*{_CALLED}\s*\Z")
_TIMED_NEXT: Final = re.compile(
    rf"\n[ \t]*{_NAME}[ \t]+(?:{_DATE}[ \t]*)?{_TIME}\s*\Z", re.IGNORECASE | re.MULTILINE
)
_TIMED_BEFORE: Final = re.compile(rf"(?:\A|\n)[ \t]*{_SPEAKER}\s*\Z", _FLAGS)
_CALLED_BEFORE: Final = re.compile(rf"(?:\A|\n)[ \t]*{_CALLED}\n\s*\Z")
_CALLED_AFTER_GAP: Final = re.compile(rf"\n[ \t\r]*\n[ \t]*{_CALLED}\n")


def names_with_colons(before: str) -> bool:
    """Tell whether a text ends with a line that is a name and a colon, as some chats are copied."""
    return _CALLED_BEFORE.search(before) is not None


def names_with_times(before: str) -> bool:
    """Tell whether a text ends with a line that is a name and a time of day, as others are copied."""
    return _TIMED_BEFORE.search(before) is not None


def without_chat(said: str, *, next_speaks: bool, colons: bool, times: bool) -> str:
    r"""Return a text up to the line with which the chat around it goes on.

    Parameters
    ----------
    said : str
        What follows the head of a comment, with its first line as far as that is left.
    next_speaks : bool
        Another comment follows, so that a last line that names somebody is no part of this one.
    colons : bool
        The chat names who speaks by a line ``张三:`` behind an empty one (`names_with_colons`).
    times : bool
        The chat names who speaks by a line ``张三 08:40`` (`names_with_times`).

    Examples
    --------
    >>> without_chat("\n意见：太少\n李四 08:40\n收到", next_speaks=False, colons=False, times=True)
    '\n意见：太少'
    >>> without_chat("\n意见：别在\n楼下 8:40\n施工", next_speaks=False, colons=False, times=False)
    '\n意见：别在\n楼下 8:40\n施工'
    """
    said = said.replace("\r\n", "\n")
    first = said.find("\n")
    if first < 0:
        return said
    goes_on = (_GOES_ON_TIMED if times else _GOES_ON).search(said, first + 1)
    ends = [goes_on.start()] if goes_on else []
    if colons and (match := _CALLED_AFTER_GAP.search(said)):
        ends.append(match.start())
    said = said[: min(ends)].rstrip() if ends else said
    if next_speaks and not ends:
        for pattern in (_TIMED_NEXT, _CALLED_NEXT):
            said = pattern.sub("", said)
    return said
