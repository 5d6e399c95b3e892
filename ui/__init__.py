"""The hands of Planboard: window, canvas, tools and panels. Qt lives here.

Widgets build, bind and emit. Geometry, storage and words about the domain
come from ``gis`` and ``layers``.
"""
