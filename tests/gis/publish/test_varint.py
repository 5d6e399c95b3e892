import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gis.publish.page.varint import varint, zigzag
from tests.gis.publish.decoding import unzigzag, varints


@given(st.lists(st.integers(0, 2**53)))
def test_unsigned_numbers_come_back(values):
    assert varints(varint(np.array(values, dtype=np.uint64))) == values


@given(st.lists(st.integers(-(2**52), 2**52)))
def test_signed_numbers_come_back(values):
    assert [unzigzag(v) for v in varints(varint(zigzag(np.array(values, dtype=np.int64))))] == values


def test_small_numbers_take_one_byte():
    assert len(varint(zigzag(np.array([0, -1, 1, -64, 63])))) == 5
