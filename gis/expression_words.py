"""The words and signs of an expression, before their meaning is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from layers.errors import BadInputError, Finding
from layers.schema import Value
from layers.text import Text

LONGEST: Final = 2_000
"""Letters of an expression."""

TokenKind = Literal["number", "text", "name", "word", "sign", "end"]

_WORDS: Final = {
    "and": "and", "且": "and", "并且": "and", "和": "and", "&&": "and",
    "or": "or", "或": "or", "或者": "or", "||": "or",
    "not": "not", "非": "not", "不": "not",
    "in": "in", "属于": "in", "like": "like", "类似": "like",
    "contains": "contains", "包含": "contains", "between": "between", "介于": "between",
    "is": "is", "是": "is", "null": "empty", "empty": "empty", "空": "empty", "为空": "empty",
    "true": "true", "false": "false",
}  # fmt: skip
_SPLIT: Final = {"不为空": ("is", "not", "empty"), "不属于": ("not", "in"), "不包含": ("not", "contains")}
_SIGNS: Final = {
    "==": "=", "!=": "<>", "≠": "<>", "≤": "<=", "≥": ">=", "＝": "=", "＜": "<", "＞": ">",
    "（": "(", "）": ")", "，": ",", "、": ",", "×": "*", "÷": "/", "−": "-", "+": "+",
}  # fmt: skip
_PATTERN: Final = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)
    | '(?P<single>(?:[^']|'')*)' | ‘(?P<curly>[^’]*)’ | “(?P<chinese>[^”]*)”
    | "(?P<quoted>[^"]*)" | \[(?P<square>[^\]]*)\]
    | (?P<sign><=|>=|<>|!=|==|[=<>≠≤≥＝＜＞()（），,、+\-−*/×÷]|&&|\|\|)
    | (?P<name>[^\W\d][\w.²³%]*)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """One word, sign, number or quoted text.

    `place` is that of its first letter, from 1; `key` its meaning where it has a fixed one.
    """

    kind: TokenKind
    written: str
    place: int
    key: str = ""
    value: Value = None


def tokens_of(text: str) -> tuple[Token, ...]:
    """Cut an expression into tokens, with an ``end`` behind the last.

    Raises
    ------
    BadInputError
        If it is too long, empty, or holds a letter that has no meaning.
    """
    if len(text) > LONGEST:
        raise BadInputError(
            Text("表达式太长，最多 {n} 个字符", "The expression is too long, {n} letters at most").format(
                n=LONGEST
            ),
            code="expression.long",
        )
    found: list[Token] = []
    at = 0
    while text[at:].strip():
        match = _PATTERN.match(text, at)
        if match is None:
            place = at + len(text[at:]) - len(text[at:].lstrip())
            raise trouble(
                Token("sign", text[place], place + 1),
                Text("看不懂“{w}”", "“{w}” is not understood").format(w=text[place]),
            )
        found += _tokens(match)
        at = match.end()
    if not found:
        raise trouble(Token("end", "", 1), Text("表达式是空的", "The expression is empty"))
    return (*found, Token("end", "", len(text) + 1))


def _tokens(match: re.Match[str]) -> tuple[Token, ...]:
    kind = str(match.lastgroup)
    written, whole = match.group(kind), match.group()
    place = match.start() + len(whole) - len(whole.lstrip()) + 1
    if kind == "number":
        plain = written.isdecimal() and len(written) < 16
        return (Token("number", written, place, value=int(written) if plain else float(written)),)
    if kind in ("single", "curly", "chinese"):
        return (Token("text", written, place, value=written.replace("''", "'")),)
    if kind in ("quoted", "square"):
        return (Token("name", written, place, value=written.strip()),)
    if kind == "sign":
        word = _WORDS.get(written)
        sign = Token("sign", written, place, _SIGNS.get(written, written))
        return (Token("word", written, place, word) if word else sign,)
    if written in _SPLIT:
        return tuple(Token("word", written, place, key) for key in _SPLIT[written])
    key = _WORDS.get(written.casefold(), "")
    return (Token("word", written, place, key) if key else Token("name", written, place, value=written),)


def is_plain_name(name: str) -> bool:
    """Tell whether a field can be named without brackets."""
    match = _PATTERN.fullmatch(name)
    return match is not None and match.lastgroup == "name" and name.casefold() not in {*_WORDS, *_SPLIT}


def trouble(
    token: Token, what: Text, advice: Text | None = None, code: str = "expression.words"
) -> BadInputError:
    """Return the error of a token, with its place."""
    said = Text("第 {n} 个字符：{w}。", "At letter {n}: {w}.").format(n=token.place, w=what)
    return BadInputError(said, advice, code, (Finding(code, said, "error", record=token.place),))
