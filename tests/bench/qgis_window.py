"""Run inside QGIS's own window (``qgis --code``): adds a layer, ends the program when the map shows it.

PEER_FILE is the GeoPackage; how much memory the process has goes as bytes into PEER_REPORT.
"""

import os

from qgis.core import QgsFillSymbol
from qgis.utils import iface


def shown(*_):
    """End, once there is a map with the layer on it."""
    if not canvas.layers() or canvas.isDrawing():
        return
    with open("/proc/self/statm") as numbers, open(os.environ["PEER_REPORT"], "w") as report:
        report.write(str(int(numbers.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")))
    os._exit(0)


canvas = iface.mapCanvas()
canvas.mapCanvasRefreshed.connect(shown)
layer = iface.addVectorLayer(os.environ["PEER_FILE"] + "|layername=building", "building", "ogr")
layer.renderer().setSymbol(
    QgsFillSymbol.createSimple({"color": "#DAD5CD", "outline_color": "#6B645C", "outline_width": "0.25"})
)
