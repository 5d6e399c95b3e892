"""The plan on paper: a notice-board sheet, true to scale.

``paper`` and ``layout`` say where things lie in millimetres, ``pen`` sets type
and lines, ``column`` paints the blocks beside the map, ``targets`` makes PDF,
PNG and SVG, ``draw`` is the way in. The map itself comes from ``gis.render``.
"""
