"""Map tools: small state machines that turn pointer and keys into selections and edits.

One file a tool, found by id in `ui.tools.catalogue`. A tool previews on the
overlay only; what it changes goes through ``session.run`` with a pure edit of
``gis.edit``.
"""
