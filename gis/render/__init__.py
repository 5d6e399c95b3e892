"""The one painter: screen, image, PDF and SVG differ only in the paint device.

Here belongs what turns a snapshot and a viewport into marks (numpy and shapely,
any thread) and marks into painter calls (QtCore, QtGui, QtSvg). No widgets, no
files other than the images asked for, no editing.
"""
