"""Opening the form of an import: files are looked at in a worker before it comes up."""

import pytest


@pytest.fixture
def bring(window, qtbot):
    """Open the import of files and return its form as soon as it is there."""

    def brought(paths):
        dock = window.file_actions.importing
        before = dock.form
        window.file_actions.import_paths(paths)
        qtbot.waitUntil(lambda: dock.form is not None and dock.form is not before, timeout=30_000)
        return dock.form

    return brought
