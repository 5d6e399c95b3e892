"""How the window looks: tokens, palette, style sheet, icons.

One place for colours, sizes and fonts of the window; the map has its own in
``layers``. Widgets ask for tokens or set object names; they never style
themselves.
"""
