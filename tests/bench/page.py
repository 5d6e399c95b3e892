"""Times and weighs the page against naive folium: ``python -m tests.bench.page [features] [--browser]``.

Both sides publish the same estate: bays, buildings and greens of 4 to 39
vertices with eight attributes, seven vertices a feature on average. Naive is
what a first script with folium does: GeoJson with a popup, a tooltip and a
colour for each category. In the browser naive gets its map library from
disk, which flatters it: in truth it asks ten addresses first. A phone is a
window of 360 x 640 at two pixels a point, six times slower by the browser's own brake.
"""

import argparse
import json
import random
import re
import resource
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
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
        (1001,),
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


def revised(made, count, dice):
    """Return the content with `count` revisions, each with 5 % of the features changed."""
    layer = made.layers[0]
    rows, first, last, feature = (
        list(range(len(layer.shapes))),
        [0] * len(layer.shapes),
        [],
        list(layer.feature),
    )
    current = {number: row for row, number in enumerate(feature)}
    last = [count - 1] * len(rows)
    for revision in range(1, count):
        for number in dice.sample(range(len(layer.shapes)), len(layer.shapes) // 20):
            last[current[number]] = revision - 1
            current[number] = len(rows)
            rows.append(rows[number])
            first.append(revision)
            last.append(count - 1)
            feature.append(number)
    order = sorted(range(len(rows)), key=lambda i: (feature[i], first[i]))
    shapes = tuple(
        replace(layer.shapes[rows[i]], block=layer.shapes[rows[i]].xy + first[i] * 35, start=0) for i in order
    )
    many = replace(
        layer,
        shapes=shapes,
        columns={name: tuple(column[rows[i]] for i in order) for name, column in layer.columns.items()},
        first=tuple(first[i] for i in order),
        last=tuple(last[i] for i in order),
        feature=tuple(feature[i] for i in order),
        numbered_from=(1001,) * count,
    )
    names = tuple(PublicRevision(f"R{i + 1}", "公示稿", "", "2020-07-25") for i in range(count))
    return replace(made, layers=(many,), revisions=names)


def peak_mb():
    """Return the most memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def with_own_leaflet(page):
    """Return a naive page that asks nobody: Leaflet inside, the other libraries left out."""
    from gis.publish.page.leaflet import leaflet_script, leaflet_style

    page = re.sub(r'<script src="[^"]*"></script>|<link rel="stylesheet"[^>]*/>', "", page)
    own = f"<style>{leaflet_style()}</style><script>{leaflet_script()}</script>"
    return page.replace("<head>", "<head>" + own, 1)


# The first task after the frame that shows the map: a callback before that frame sees the map there.
# Ours is there once its canvas is; naive's once the page is loaded, for it draws while the page is read.
READY = """() => new Promise(done => {
    const ours = () => document.querySelector("html.live #map canvas");
    const naive = () => document.readyState === "complete" && !document.querySelector("#data");
    const shown = () => setTimeout(() => done(performance.now()));
    const look = () => ours() || naive() ? shown() : requestAnimationFrame(look);
    requestAnimationFrame(look);
})"""
PAN = """() => new Promise(done => {
    const map = document.querySelector("#map"), frames = [], box = map.getBoundingClientRect();
    let last = performance.now(), step = 0;
    const send = (type, x, y, on) => on.dispatchEvent(
        new MouseEvent(type, { clientX: x, clientY: y, bubbles: true, button: 0, buttons: 1 }));
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    send("mousedown", x, y, map);
    const frame = now => {
        frames.push(now - last);
        last = now;
        step += 1;
        send("mousemove", x + Math.sin(step / 6) * 70, y + Math.cos(step / 6) * 70, document);
        if (step < 50) requestAnimationFrame(frame);
        else { send("mouseup", x, y, document); done(frames.slice(2)); }
    };
    requestAnimationFrame(frame);
})"""
SEARCH = """() => new Promise(done => {
    const field = document.getElementById("query"), times = [];
    const words = ["1", "12", "12号", "12号楼", "B0001", "B00012"];
    const next = () => {
        if (!words.length) return done(times);
        field.value = words.shift();
        const begin = performance.now();
        field.dispatchEvent(new Event("input"));
        requestAnimationFrame(() => {
            void document.body.offsetHeight;
            times.push(performance.now() - begin);
            setTimeout(next, 30);
        });
    };
    next();
})"""


def opened(browser, path, *, phone):
    """Return a page in a fresh window, the milliseconds until its map was there, and those its thread worked.

    What a busy machine takes away counts in the first alone.
    """
    size = {"width": 360, "height": 640} if phone else {"width": 1200, "height": 800}
    context = browser.new_context(viewport=size, device_scale_factor=2 if phone else 1, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(180_000)
    session = context.new_cdp_session(page)
    if phone:
        session.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.as_uri(), wait_until="commit")
    taken = page.evaluate(READY)
    worked = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return page, taken, worked["TaskDuration"] * 1000


def in_browser(ours, theirs):
    """Print times to the first map of both sides in turn, frames while panning, and search."""
    from tests.pages.chromium import chromium

    with chromium() as browser:
        for phone in (False, True):
            times = {ours: [], theirs: []}
            works = {ours: [], theirs: []}
            for _ in range(5):
                for path in times:
                    page, taken, worked = opened(browser, path, phone=phone)
                    times[path].append(taken)
                    works[path].append(worked)
                    page.context.close()
            where = "phone, 6x slower" if phone else "desktop         "
            for what, kept in (("first map", times), ("work for it", works)):
                mine, naive_ms = (median(kept[path]) for path in (ours, theirs))
                ratio = f"ratio {mine / naive_ms:.3f}"
                print(f"  {what:11}, {where} {mine:7.0f} ms  naive {naive_ms:7.0f} ms  {ratio}")
        page, _, _ = opened(browser, ours, phone=True)
        page.wait_for_selector("html[data-ready=yes]")
        frames = sorted(page.evaluate(PAN))
        print(f"  panning on the phone: median {median(frames):.0f} ms, longest frame {frames[-1]:.0f} ms")
        page.click("#tab-find")
        times = page.evaluate(SEARCH)
        print(f"  a keystroke in search on the phone: longest {max(times):.0f} ms")
        page.context.close()
        page, _, _ = opened(browser, ours, phone=False)
        page.wait_for_selector("html[data-ready=yes]")
        page.click("#tab-find")
        print(f"  a keystroke in search on the desktop: longest {max(page.evaluate(SEARCH)):.0f} ms")


def main():
    """Print both sides and their ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("features", nargs="?", type=int, default=10_000)
    parser.add_argument("--browser", action="store_true", help="time the pages in Chromium too")
    parser.add_argument("--alone", action="store_true", help="leave naive folium out")
    given = parser.parse_args()
    dice = random.Random(7)
    shapes, columns = outlines(given.features, dice), attributes(given.features, dice)
    from gis.publish.page import build_page
    from gis.publish.page.payload import encode

    build_page(content(shapes[:10], {n: c[:10] for n, c in columns.items()}))  # libraries are loaded once
    before = peak_mb()
    begin = perf_counter()
    made = content(shapes, columns)
    page = build_page(made)
    ours, above = perf_counter() - begin, peak_mb() - before
    one, five = len(page), len(build_page(revised(made, 5, dice)))
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    print(f"{given.features} features, {vertices} vertices, 8 attributes")
    data = len(encode(made)) * 4 / 3000
    print(f"  Planboard  {one / 1000:9.0f} KB  {ours:6.2f} s  {above:5.0f} MB  (data {data:.0f} KB)")
    print(f"  five revisions, 5 % changed each: {five / 1000:.0f} KB, {five / one:.3f} x one")
    if given.alone:
        return
    with tempfile.TemporaryDirectory() as folder:
        out, own = Path(folder) / "naive.html", Path(folder) / "planboard.html"
        begin = perf_counter()
        naive(shapes, columns, str(out))
        theirs, size = perf_counter() - begin, out.stat().st_size
        print(f"  naive      {size / 1000:9.0f} KB  {theirs:6.2f} s            without its libraries")
        print(f"  ratio      {one / size:9.3f}     {ours / theirs:6.3f}       (1/{size / one:.1f})")
        if given.browser:
            own.write_bytes(page)
            out.write_text(with_own_leaflet(out.read_text("utf-8")), "utf-8")
            in_browser(own, out)


if __name__ == "__main__":
    main()
