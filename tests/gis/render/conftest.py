"""Every drawing test needs fonts and images, so a Qt application."""

import pytest

from gis.render.application import ensure_application


@pytest.fixture(autouse=True, scope="session")
def _application(qapp):
    ensure_application()
    return qapp
