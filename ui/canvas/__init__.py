"""The map: a QPainter widget that shows a session's state and hands events to a tool.

Belongs here: navigation, drawing layers off the GUI thread, selection and
hover marks, snapping marks, furniture. What a click means is in ``ui.tools``;
how a layer looks is in ``gis.render``.
"""
