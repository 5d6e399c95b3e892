"""Publishing a revision as one HTML page that opens anywhere without a network.

Belongs here: the gate that says what is public (`redaction`), and the page
made of that (`page`). Does not belong here: layers and files of a project in
``gis.publish.page``, which takes only `content`. Text of users never passes
through a template.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gis.publish.publication import PublishResult, preview, publish
    from gis.publish.site import publish_site

__all__ = ["PublishResult", "preview", "publish", "publish_site"]


def __getattr__(name: str) -> object:
    """Load what is asked for: the window opens without everything that publishing needs."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(
        import_module("gis.publish.site" if name == "publish_site" else "gis.publish.publication"), name
    )
