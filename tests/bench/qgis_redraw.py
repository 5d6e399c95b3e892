"""Times QGIS's parallel map job on a file; run by QGIS's own Python, prints one JSON line.

Arguments: the file, how often, which share of the area of its extent is shown, and the style: "plain" for one
symbol, or "standard" for the uses and plan states of the program's buildings (`layers/kinds/buildings.py`).
"""

import json
import os
import resource
import sys
from time import perf_counter, process_time

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFillSymbol,
    QgsLinePatternFillSymbolLayer,
    QgsLineSymbol,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRuleBasedRenderer,
    QgsSimpleFillSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize


def symbol(color, outline, width):
    """Return a filled area with an outline, colours as Qt reads them, width in millimetres."""
    made = {"color": color, "outline_color": outline, "outline_width": str(width)}
    return QgsFillSymbol.createSimple(made)


def renovated():
    """Return the plan state with a hatch: tint and outline, lines at 45 degrees two millimetres apart."""
    tint, hatch = symbol("0,114,178,46", "#0072B2", 0.5), QgsLinePatternFillSymbolLayer()
    hatch.setLineAngle(45)
    hatch.setDistance(2.0)
    hatch.setSubSymbol(QgsLineSymbol.createSimple({"line_color": "#0072B2", "line_width": "0.18"}))
    outline = QgsSimpleFillSymbolLayer.create(
        {"style": "no", "outline_color": "#0072B2", "outline_width": "0.5"}
    )
    tint.symbolLayer(0).setStrokeStyle(0)
    tint.appendSymbolLayer(hatch)
    tint.appendSymbolLayer(outline)
    return tint


def standard():
    """Return the standard style: a symbol by use, plan states over it."""
    root, rule = QgsRuleBasedRenderer.Rule(None), QgsRuleBasedRenderer.Rule
    public, shop = "use IN ('kindergarten', 'office', 'service')", "use = 'shop'"
    root.appendChild(rule(symbol("#E8D9B5", "#7A6A3C", 0.25), 0, 0, public))
    root.appendChild(rule(symbol("#E9DCD3", "#6B645C", 0.25), 0, 0, shop))
    root.appendChild(rule(symbol("#DAD5CD", "#6B645C", 0.25), 0, 0, f"NOT ({public} OR {shop})"))
    root.appendChild(rule(renovated(), 0, 0, "state = 'renovated'"))
    root.appendChild(rule(symbol("213,94,0,56", "#D55E00", 0.7), 0, 0, "state = 'new'"))
    return QgsRuleBasedRenderer(root)


path, rounds, share, style = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(f"{path}|layername=building", "building", "ogr")
if not layer.isValid():
    sys.exit("QGIS cannot read the file")
plain = QgsSingleSymbolRenderer(symbol("#DAD5CD", "#6B645C", 0.25))
layer.setRenderer(standard() if style == "standard" else plain)
times, works = [], []
for _ in range(rounds + 1):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setExtent(layer.extent().buffered(0.0) if share >= 1.0 else layer.extent().scaled(share**0.5))
    settings.setOutputSize(QSize(1600, 1000))
    settings.setDestinationCrs(layer.crs())
    settings.setFlag(QgsMapSettings.Antialiasing, True)
    settings.setFlag(QgsMapSettings.UseRenderingOptimization, True)
    begin, worked = perf_counter(), process_time()
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    times.append(perf_counter() - begin)
    works.append(process_time() - worked)
if len(sys.argv) > 5:
    image.save(sys.argv[5])
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
report = {
    "version": Qgis.QGIS_VERSION,
    "times": times[1:],
    "works": works[1:],
    "first": times[0],
    "memory": memory,
}
print(json.dumps(report))
