"""The nouns of Planboard: what a layer, a feature, a style and a change are.

Everything here is an immutable value. Nothing here opens a file, draws,
knows a window, or imports from ``gis`` or ``ui``. A new layer kind is one new
file in ``layers/kinds``.
"""
