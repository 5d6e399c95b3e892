"""The sample estate, laid out once for all tests of this folder."""

import pytest

from layers.snapshot import Snapshot
from sample_data.estate import EstateContent, content


@pytest.fixture(scope="session")
def estate() -> EstateContent:
    return content()


@pytest.fixture(scope="session")
def base(estate: EstateContent) -> Snapshot:
    return estate.snapshot("base")


@pytest.fixture(scope="session", params=["base", "R1", "R2", "R3", "working"])
def state(estate: EstateContent, request: pytest.FixtureRequest) -> Snapshot:
    return estate.snapshot(request.param)
