"""The house rules hold for every module, and each of them can fail."""

import pytest

from tests.house import rules
from tests.house.sources import everything, parse, product

pytestmark = pytest.mark.xdist_group("house")

RULES = {
    "long_module": (rules.long_module, everything),
    "long_functions": (rules.long_functions, product),
    "broad_catches": (rules.broad_catches, everything),
    "unfinished": (rules.unfinished, product),
    "empty_tests": (rules.empty_tests, everything),
    "sql": (rules.sql, product),
    "kind_comparisons": (lambda source: rules.kind_comparisons(source, rules.kind_names(product())), product),
    "vague_names": (rules.vague_names, everything),
    "half_sentences": (rules.half_sentences, product),
}


@pytest.mark.parametrize("name", RULES)
def test_every_module_keeps_the_rule(name):
    rule, sources = RULES[name]
    assert [place for source in sources() for place in rule(source)] == []


def test_there_are_modules_to_look_at():
    rooms = {source.path.split("/")[0] for source in product()}
    assert {"layers", "gis", "ui"} <= rooms
    assert len(rules.kind_names(product())) > 5


BROKEN = {
    "long_module": "x = 1\n" * 501,
    "long_functions": "def f():\n    'Say.'\n" + "    x = 1\n" * 51,
    "broad_catches": "try:\n    x = 1\nexcept (OSError, Exception):\n    x = 2\n",
    "unfinished": "x = 1  # TO" + "DO later\n",
    "empty_tests": "def test_x():\n    assert Tr" + "ue\n",
    "sql": "x = 'SELECT a FROM b'\n",
    "kind_comparisons": "y = layer.kind.name == 'building'\n",
    "vague_names": "class LayerManager:\n    pass\n",
    "half_sentences": "x = tr('保存', '')\n",
}


@pytest.mark.parametrize("name", RULES)
def test_the_rule_finds_what_breaks_it(name):
    rule, _ = RULES[name]
    assert list(rule(parse("gis/planted.py", BROKEN[name])))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("broad_catches", "try:\n    x = 1\nexcept" + ":\n    raise\n"),
        ("broad_catches", "with suppress(Exception):\n    x = 1\n"),
        ("unfinished", "def f():\n    raise " + rules.NOT_DONE + "\n"),
        ("empty_tests", "@" + rules.SWITCHED_OFF + "if(True)\ndef test_x():\n    pass\n"),
        ("sql", "x = 'pragma journal_mode'\n"),
        ("sql", "x = f'''\n  UPDATE {table} SET a = 1'''\n"),
        ("kind_comparisons", "match kind:\n    case 'building':\n        pass\n"),
        ("kind_comparisons", "y = kind in {'road', 'building'}\n"),
        ("half_sentences", "x = tr('保存')\n"),
        ("half_sentences", "x = Text('Save', 'Save')\n"),
        ("half_sentences", "x = Text('保存', '保存')\n"),
        ("half_sentences", "x = Text(zh='共 {n} 户', en='{m} households')\n"),
        ("half_sentences", "x = tr(name, '')\n"),
        ("half_sentences", "x = choices(a=('住宅', ''))\n"),
    ],
)
def test_the_rule_finds_its_other_forms(name, text):
    rule, _ = RULES[name]
    assert list(rule(parse("gis/planted.py", text)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("long_functions", "def f():\n    '''" + "Say.\n" * 60 + "'''\n    return 1\n"),
        ("broad_catches", "try:\n    x = 1\nexcept OSError:\n    x = 2\n"),
        ("sql", "def f():\n    'SELECT a FROM b is what it avoids.'\n"),
        ("sql", "x = 'Select from the list'\n"),
        ("kind_comparisons", "y = kind.role == 'footprint'\n"),
        ("kind_comparisons", "y = layer.kind.role == 'boundary'\n"),
        ("vague_names", "def futile():\n    pass\n"),
        ("half_sentences", "x = tr('共 {n} 户', '{n} households', n=3)\n"),
        ("half_sentences", "x = Text('{a} → {b}', '{a} → {b}')\n"),
        ("half_sentences", "x = tr(words)\n"),
        ("half_sentences", "x = Text('English', '中文')\n"),
        ("half_sentences", "x = Text('长 {n} m²', '{n} m² long')\n"),
        ("half_sentences", "x = Text('HDPE', 'HDPE')\n"),
    ],
)
def test_the_rule_leaves_good_code_alone(name, text):
    rule, _ = RULES[name]
    assert list(rule(parse("gis/planted.py", text))) == []


def test_the_store_may_speak_sql_and_the_kinds_may_name_themselves():
    assert list(rules.sql(parse("gis/store/tables.py", "x = 'SELECT a FROM b'\n"))) == []
    kinds = frozenset({"building"})
    assert list(rules.kind_comparisons(parse("layers/kinds/a.py", "kind == 'building'\n"), kinds)) == []
