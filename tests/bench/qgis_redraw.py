"""Times QGIS's parallel map job on a file; run by QGIS's own Python, prints one JSON line.

Arguments: the file, how often, and which share of the area of its extent is shown.
"""

import json
import os
import resource
import sys
from time import perf_counter

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFillSymbol,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize

path, rounds, share = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(f"{path}|layername=building", "building", "ogr")
if not layer.isValid():
    sys.exit("QGIS cannot read the file")
layer.renderer().setSymbol(
    QgsFillSymbol.createSimple({"color": "#DAD5CD", "outline_color": "#6B645C", "outline_width": "0.25"})
)
times = []
for _ in range(rounds + 1):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setExtent(layer.extent().buffered(0.0) if share >= 1.0 else layer.extent().scaled(share**0.5))
    settings.setOutputSize(QSize(1600, 1000))
    settings.setDestinationCrs(layer.crs())
    settings.setFlag(QgsMapSettings.Antialiasing, True)
    settings.setFlag(QgsMapSettings.UseRenderingOptimization, True)
    begin = perf_counter()
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage()
    times.append(perf_counter() - begin)
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
report = {"version": Qgis.QGIS_VERSION, "times": times[1:], "first": times[0], "memory": memory}
print(json.dumps(report))
