"""The examples in the docstrings of layers and gis are true."""

import doctest
import importlib

import pytest

from tests.house.sources import product

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS

MODULES = sorted(
    source.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for source in product()
    if source.path.startswith(("layers/", "gis/")) and ">>> " in source.text
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_module_are_true(name):
    module = importlib.import_module(name)
    failed, tried = doctest.testmod(module, optionflags=FLAGS)
    assert tried
    assert not failed


def test_there_are_examples():
    assert "layers.text" in MODULES
