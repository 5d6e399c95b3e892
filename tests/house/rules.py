"""The house rules, each a function that returns the places where one source breaks it."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tests.house.sources import Source

MODULE_LINES = 500
FUNCTION_LINES = 50
WINDOW_LINES = 300

# Places that may catch everything ("path:function"); each hands on what it caught.
MAY_CATCH_ALL = frozenset({"ui/tasks.py:work", "gis/store/connection.py:transaction"})

# Spelled in two parts, so that a search of the tree for what is unfinished finds no rule.
NOT_DONE = "NotImplemented" + "Error"
SWITCHED_OFF = "pytest.mark." + "skip"
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")
VAGUE_WORDS = {"util", "utils", "helper", "helpers", "manager", "managers", "misc"}
SQL = re.compile(
    r"""\s*(SELECT\s.+\sFROM\s | INSERT\s+(OR\s+\w+\s+)?INTO\s | REPLACE\s+INTO\s | UPDATE\s+\S+\s+SET\s
    | DELETE\s+FROM\s | (CREATE|DROP)\s+(\w+\s+)?(TABLE|INDEX|TRIGGER|VIEW)\s | ALTER\s+TABLE\s | PRAGMA\s+\w
    | ATTACH\s+(DATABASE\s|') | VACUUM\b | BEGIN\s+(IMMEDIATE|EXCLUSIVE) | SAVEPOINT\s )""",
    re.VERBOSE | re.DOTALL,
)
CHINESE = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
# Units and codes (m², km/h, HDPE) are symbols in both languages; three small letters make a word.
WORD = re.compile(r"[a-z]{3}")
LETTERS = re.compile(r"[A-Za-z]")
# A language is called by its own name, and the way to it must be found by whoever reads only that one.
LANGUAGES = re.compile(r"简体中文|中文|语言|English|Language")
FIELD = re.compile(r"\{([A-Za-z_]\w*)[^{}]*\}")


def long_module(source: Source) -> Iterator[str]:
    """Find a module longer than it may be."""
    limit = WINDOW_LINES if source.path == "ui/window.py" else MODULE_LINES
    lines = source.text.count("\n")
    if lines > limit:
        yield f"{source.path}: {lines} lines, at most {limit}"


def long_functions(source: Source) -> Iterator[str]:
    """Find functions whose body, without its docstring, is longer than it may be."""
    for node in source.nodes():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = _body_lines(node)
            if lines > FUNCTION_LINES:
                yield f"{source.at(node)}: {node.name} has {lines} lines, at most {FUNCTION_LINES}"


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def broad_catches(source: Source) -> Iterator[str]:
    """Find handlers that catch everything, outside the places that may."""
    for function, node in _inside_functions(source.tree, "<module>"):
        if _catches_all(node) and f"{source.path}:{function}" not in MAY_CATCH_ALL:
            yield f"{source.at(node)}: catches everything"


def _inside_functions(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        inner = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
        yield inner, child
        yield from _inside_functions(child, inner)


def _catches_all(node: ast.AST) -> bool:
    if isinstance(node, ast.ExceptHandler):
        return node.type is None or _names_everything(node.type)
    if isinstance(node, ast.Call) and _called(node) == "suppress":
        return any(_names_everything(argument) for argument in node.args)
    return False


def _names_everything(node: ast.AST) -> bool:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(isinstance(part, ast.Name) and part.id in {"Exception", "BaseException"} for part in parts)


def unfinished(source: Source) -> Iterator[str]:
    """Find marks of unfinished work."""
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT and UNFINISHED.search(token.string):
            yield f"{source.path}:{token.start[0]}: {token.string}"
    for node in source.nodes():
        # raising it is unfinished work; catching it is what a library asks for (zipfile raises it)
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if isinstance(raised, ast.Name) and raised.id == NOT_DONE:
                yield f"{source.at(node)}: {raised.id}"


def empty_tests(source: Source) -> Iterator[str]:
    """Find tests that are switched off or prove nothing."""
    for node in source.nodes():
        if isinstance(node, ast.Attribute) and ast.unparse(node).startswith(SWITCHED_OFF):
            yield f"{source.at(node)}: {ast.unparse(node)}"
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant) and node.test.value is True:
            yield f"{source.at(node)}: asserts a constant"


def sql(source: Source) -> Iterator[str]:
    """Find SQL statements outside gis.store."""
    if source.path.startswith("gis/store"):
        return
    docstrings = _docstrings(source)
    for node in source.nodes():
        text = None if id(node) in docstrings else _words_of(node)
        if text and (SQL.match(text) or (text.islower() and SQL.match(text.upper()))):
            yield f"{source.at(node)}: {text.strip().splitlines()[0][:60]}"


def _docstrings(source: Source) -> set[int]:
    homes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in source.nodes()
        if isinstance(node, homes) and node.body and isinstance(node.body[0], ast.Expr)
    }


def kind_names(sources: tuple[Source, ...]) -> frozenset[str]:
    """Return the names of the layer kinds that ``layers/kinds`` declares."""
    return frozenset(
        keyword.value.value
        for source in sources
        if source.path.startswith("layers/kinds/")
        for node in source.nodes()
        if isinstance(node, ast.Call) and _called(node) == "Kind"
        for keyword in node.keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    )


def kind_comparisons(source: Source, kinds: frozenset[str]) -> Iterator[str]:
    """Find code outside ``layers/kinds`` that asks for a layer kind by its name instead of for a role."""
    if source.path.startswith("layers/kinds/"):
        return
    for node in source.nodes():
        sides = _compared(node)
        asked = {c.value for side in sides for c in ast.walk(side) if isinstance(c, ast.Constant)} & kinds
        # Some roles are called like the kind that plays them; asking for a role is what engines should do.
        if asked and any(
            re.search(r"\b(?!.*\brole$).*(kind|layer|table)", ast.unparse(side)) for side in sides
        ):
            yield f"{source.at(node)}: compares a kind with {sorted(asked)}"


def _compared(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Match):
        patterns = (part for case in node.cases for part in ast.walk(case.pattern))
        return [node.subject, *(part.value for part in patterns if isinstance(part, ast.MatchValue))]
    return []


def vague_names(source: Source) -> Iterator[str]:
    """Find modules, classes and functions named after no thing at all."""
    for part in re.split(r"[/.]", source.path):
        if VAGUE_WORDS & _words(part):
            yield f"{source.path}: {part}"
    for node in source.nodes():
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and VAGUE_WORDS & _words(
            node.name
        ):
            yield f"{source.at(node)}: {node.name}"


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", name)}


def half_sentences(source: Source) -> Iterator[str]:
    """Find sentences for people that lack a language, or have one in the other's place."""
    for node in source.nodes():
        for halves in _pairs(node):
            for fault in _faults(*halves):
                yield f"{source.at(node)}: {fault}: {' | '.join(half or '' for half in halves)}"


def _pairs(node: ast.AST) -> Iterator[tuple[str | None, str | None]]:
    if not isinstance(node, ast.Call):
        return
    if _called(node) in {"tr", "Text"}:
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        halves = [*node.args, *(given[name] for name in ("zh", "en") if name in given)]
        words = [_words_of(half) for half in halves[:2]]
        if len(words) == 2:
            yield words[0], words[1]
        elif words and words[0] is not None:
            yield words[0], ""
    elif _called(node) == "choices":
        for keyword in node.keywords:
            if isinstance(keyword.value, ast.Tuple) and len(keyword.value.elts) == 2:
                yield tuple(_words_of(half) for half in keyword.value.elts)


def _words_of(node: ast.AST) -> str | None:
    """Return the words of a literal; None for what is only known when the program runs."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def _faults(zh: str | None, en: str | None) -> Iterator[str]:
    if zh is not None and not zh.strip():
        yield "the Chinese half is empty"
    if en is not None and not en.strip():
        yield "the English half is empty"
    if zh and en and set(FIELD.findall(zh)) != set(FIELD.findall(en)):
        yield "the halves are filled with different fields"
    zh, en = (LANGUAGES.sub("", half) if half else None for half in (zh, en))
    if zh and not CHINESE.search(zh) and not _is_symbol(zh, en):
        yield "no Chinese in the Chinese half"
    if en and CHINESE.search(en):
        yield "Chinese in the English half"


def _is_symbol(zh: str, en: str | None) -> bool:
    bare = FIELD.sub("", zh)
    return not LETTERS.search(bare) or (zh == en and not WORD.search(bare))


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""
