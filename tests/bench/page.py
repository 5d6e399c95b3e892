"""Times and weighs the page against naive folium: ``python -m tests.bench.page [features]``.

Both sides publish the same estate: bays, buildings and greens of 4 to 39
vertices with eight attributes, seven vertices a feature on average. Naive is
what a first script with folium does: GeoJson with a popup, a tooltip and a
colour for each category.
"""

import json
import random
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
import shapely

from gis.publish.content import PageContent, PublicField, PublicLayer, PublicRevision
from gis.publish.shapes import quantised
from layers.style import Fill, Rule, Stroke, Style
from layers.text import same

ORIGIN = (616650.0, 4077999.0)
WORDS = ("积水", "停车难", "路灯不亮", "绿化带被占", "井盖松动", "墙皮脱落", "管道堵塞", "缺无障碍坡道")
NAMES = ("number", "name", "use", "structure", "state", "floors", "area_m2", "remark")


def outlines(count, dice):
    """Return polygons: 60 % bays, 30 % buildings, 10 % greens, in rows as in an estate."""
    side = int(count**0.5) + 1
    shapes = []
    for number in range(count):
        x, y = ORIGIN[0] + number % side * 14 + dice.random(), ORIGIN[1] + number // side * 14 + dice.random()
        kind = dice.random()
        if kind < 0.6:
            shapes.append(shapely.box(x, y, x + 2.5, y + 5.3))
        elif kind < 0.9:
            step = dice.uniform(1, 3)
            corners = [
                (0, 0),
                (12, 0),
                (12, 8),
                (6 + step, 8),
                (6 + step, 8 - step),
                (6, 8 - step),
                (6, 8),
                (0, 8),
            ]
            shapes.append(
                shapely.Polygon([(x + a + dice.random() / 9, y + b + dice.random() / 9) for a, b in corners])
            )
        else:
            ring = [
                (x + 6 * np.cos(t) * dice.uniform(0.7, 1), y + 6 * np.sin(t) * dice.uniform(0.7, 1))
                for t in np.linspace(0, 6, dice.randint(16, 38))
            ]
            shapes.append(shapely.Polygon(ring))
    return np.array(shapes, dtype=object)


def attributes(count, dice):
    """Return eight columns: codes, names, three categories, two numbers, a remark of which 7 % are unique."""
    return {
        "number": [f"B{n:06d}" for n in range(count)],
        "name": [f"{n // 40 + 1}号楼{n % 40 + 1}" for n in range(count)],
        "use": [dice.choice(("housing", "shop", "office")) for _ in range(count)],
        "structure": [dice.choice(("brick", "frame", "simple", "shear")) for _ in range(count)],
        "state": [dice.choice(("existing", "existing", "renovated", "new")) for _ in range(count)],
        "floors": [dice.randint(1, 6) for _ in range(count)],
        "area_m2": [round(dice.uniform(10, 900), 1) for _ in range(count)],
        "remark": [dice.choice(WORDS) + (f"{n}" if dice.random() < 0.07 else "") for n in range(count)],
    }


def content(shapes, columns):
    """Return the page's content for the features."""
    count = len(shapes)
    style = Style(
        tuple(
            Rule(same(s), (Fill(c), Stroke("#6B645C", 0.25)), {"state": (s,)})
            for s, c in (("existing", "#DAD5CD"), ("renovated", "#0072B2"), ("new", "#D55E00"))
        )
    )
    quantities = tuple(quantised(shapes, ORIGIN))
    box = [
        int(v * 100)
        for v in (shapely.bounds(shapes).min(0)[:2] - ORIGIN).tolist()
        + (shapely.bounds(shapes).max(0)[2:] - ORIGIN).tolist()
    ]
    layer = PublicLayer(
        "building",
        same("建筑"),
        same("现状"),
        "footprint",
        tuple(PublicField(n, same(n), "text") for n in NAMES),
        style,
        "{name}",
        "number",
        True,
        1.0,
        quantities,
        {n: tuple(c) for n, c in columns.items()},
        (0,) * count,
        (0,) * count,
        tuple(range(count)),
    )
    return PageContent("基准小区", (PublicRevision("R1", "公示稿", "", "2020-07-25"),), (layer,), tuple(box))


def naive(shapes, columns, out):
    """Write the page that a first script with folium writes."""
    import folium
    import pyproj

    to_degrees = pyproj.Transformer.from_crs("EPSG:4548", "EPSG:4326", always_xy=True).transform
    degrees = shapely.transform(shapes, lambda xy: np.column_stack(to_degrees(xy[:, 0], xy[:, 1])))
    features = [
        {"type": "Feature", "geometry": json.loads(shape), "properties": {n: columns[n][i] for n in NAMES}}
        for i, shape in enumerate(shapely.to_geojson(degrees))
    ]
    colours = {"existing": "#DAD5CD", "renovated": "#0072B2", "new": "#D55E00"}
    estate = folium.Map(location=[36.83, 118.31], zoom_start=16)
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=lambda feature: {"fillColor": colours[feature["properties"]["state"]]},
        tooltip=folium.GeoJsonTooltip(["name"]),
        popup=folium.GeoJsonPopup(list(NAMES)),
    ).add_to(estate)
    estate.save(out)


def main():
    """Print both sides and their ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    dice = random.Random(7)
    shapes, columns = outlines(count, dice), attributes(count, dice)
    from gis.publish.page import build_page
    from gis.publish.page.payload import encode

    build_page(content(shapes[:10], {n: c[:10] for n, c in columns.items()}))  # libraries are loaded once
    begin = perf_counter()
    made = content(shapes, columns)
    page = build_page(made)
    ours = perf_counter() - begin
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "naive.html"
        begin = perf_counter()
        naive(shapes, columns, str(out))
        theirs, size = perf_counter() - begin, out.stat().st_size
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    print(f"{count} features, {vertices} vertices, 8 attributes")
    data = len(encode(made)) * 4 / 3000
    print(f"  Planboard  {len(page) / 1000:9.0f} KB  {ours:6.2f} s   (data {data:.0f} KB)")
    print(f"  naive      {size / 1000:9.0f} KB  {theirs:6.2f} s   without its libraries")
    print(f"  ratio      {len(page) / size:9.3f}     {ours / theirs:6.3f}")


if __name__ == "__main__":
    main()
