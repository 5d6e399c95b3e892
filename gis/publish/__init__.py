"""Publishing a revision as one HTML page that opens anywhere without a network.

Belongs here: the gate that says what is public (`redaction`), and the page
made of that (`page`). Does not belong here: layers and files of a project in
``gis.publish.page``, which takes only `content`. Text of users never passes
through a template.
"""

from gis.publish.publication import PublishResult, preview, publish
from gis.publish.site import publish_site

__all__ = ["PublishResult", "preview", "publish", "publish_site"]
