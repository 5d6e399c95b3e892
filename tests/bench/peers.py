"""The rows of the canvas that are ratios to QGIS: redraws, first paint, memory; both sides in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Final

from gis.render.bench import layer_redraw_times
from layers import palette
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.style import Fill, Rule, Stroke, Style
from layers.text import same
from sample_data.large import large_table, write_large, write_plain
from tests.bench.opening import Opened, planboard, qgis_core, qgis_window, warm
from tests.bench.redraw import qgis_python, qgis_report
from tests.bench.rows import Row, verdict

MILLION: Final = 1_000_000
NEARER: Final = 0.03
_NEEDS: Final = "needs QGIS (python3-qgis, qgis-providers) for the ratio"
_MINUTES: Final = "python -m tests.bench.editing --million; it takes minutes"
PLAIN: Final = Style(
    (Rule(same("Buildings"), (Fill(palette.BUILDING), Stroke(palette.BUILDING_LINE, 0.25))),)
)
"""One symbol for all, as QGIS draws it."""


def peer_rows(path: Path, count: int, *, million: bool) -> Iterator[Row]:
    """Yield the rows that are ratios to QGIS."""
    plain = path.with_name("plain.gpkg")
    write_plain(plain, count)
    for style in ("plain", "standard"):
        yield _redraw(
            count, plain, 1.0, style, f"full-extent redraw, {count:,} polygons, {_named(style)}", 1 / 3
        )
    for style in ("plain", "standard"):
        yield _redraw(count, plain, NEARER, style, f"zoomed to 3 % of the extent, {_named(style)}", 1.0)
    yield from _first_paint(path, plain)
    if not million:
        yield Row("full-extent redraw, 1,000,000 polygons", "<= 1/5 of QGIS", _MINUTES)
        yield Row("memory with 1,000,000 polygons open", "<= QGIS", _MINUTES)
        return
    larger = path.with_name("million.gpkg")
    write_plain(larger, MILLION)
    for style in ("plain", "standard"):
        yield _redraw(
            MILLION, larger, 1.0, style, f"full-extent redraw, {MILLION:,} polygons, {_named(style)}", 1 / 5
        )
    yield _memory(path, larger)


def _named(style: str) -> str:
    return "one symbol" if style == "plain" else "standard style"


def _redraw(count: int, plain: Path, share: float, style: str, case: str, most: float) -> Row:
    bar = f"<= {Fraction(most).limit_denominator(9)} of QGIS"
    layer = Layer.of(standard_kinds()["building"], large_table(count))
    layer = replace(layer, style=PLAIN) if style == "plain" else layer
    layer_redraw_times(layer, rounds=1)  # a map begins with everything
    ours, theirs = list[float](), list[float]()
    our_work, their_work = list[float](), list[float]()
    for _ in range(3):  # in turn, so that another load on the machine meets both
        times = layer_redraw_times(layer, rounds=5, share=share)
        ours, our_work = ours + list(times.all_s), our_work + list(times.works_s)
        if qgis_python() is not None:
            found = qgis_report(plain, 4, share, style)
            theirs, their_work = theirs + found["times"], their_work + found["works"]
    if not theirs:
        return Row(case, bar, f"{median(ours) * 1000:.0f} ms; {_NEEDS}")
    ratio, work = median(ours) / median(theirs), median(our_work) / median(their_work)
    words = f"{median(ours) * 1000:.0f} ms, {ratio:.2f} of QGIS by the clock, {work:.2f} in processor time"
    return Row(case, bar, words, verdict(ratio, work, most))


def _first_paint(path: Path, plain: Path) -> Iterator[Row]:
    warm(path)
    firsts, lasts, peers, cores = list[Opened](), list[Opened](), list[Opened](), list[Opened]()
    for _ in range(3):
        first, last = planboard(path)
        firsts.append(first)
        lasts.append(last)
        peers += [found] if (found := qgis_window(plain)) is not None else []
        cores += [found] if (found := qgis_core(plain)) is not None else []
    case = "open a 100k project to first paint, whole process"
    if not peers and not cores:
        yield Row(case, "<= 1/3 of QGIS", f"{_clock(firsts):.2f} s; {_NEEDS}")
        return
    ratio, work = _ratio(firsts, peers or cores)
    peer = "QGIS's window" if peers else "QGIS's map job without a window"
    words = f"{_clock(firsts):.2f} s, {ratio:.2f} of {peer} by the clock, {work:.2f} in processor time"
    yield Row(case, "<= 1/3 of QGIS", words, verdict(ratio, work, 1 / 3))
    ratio, work = _ratio(lasts, peers or cores)
    words = f"{_clock(lasts):.2f} s, {ratio:.2f} of {peer}, {work:.2f} in processor time"
    yield Row("   until it can be edited and is drawn to the last corner", "told", words)
    if peers and cores:
        ratio, work = _ratio(firsts, cores)
        yield Row("   first paint beside QGIS's map job without a window", "told", f"{ratio:.2f}, {work:.2f}")


def _clock(opened: list[Opened]) -> float:
    return median(one.clock_s for one in opened)


def _ratio(ours: list[Opened], theirs: list[Opened]) -> tuple[float, float]:
    work = median(one.work_s for one in ours) / median(one.work_s for one in theirs)
    return _clock(ours) / _clock(theirs), work


def _memory(path: Path, plain: Path) -> Row:
    project = path.with_name("project-million.gpkg")
    write_large(project, MILLION)
    mine = planboard(project)[1].memory
    peer = qgis_window(plain) or qgis_core(plain)
    case, words = "memory with 1,000,000 polygons open and drawn", f"{mine / 2**20:,.0f} MiB"
    if peer is None:
        return Row(case, "<= QGIS", f"{words}; {_NEEDS}")
    ratio = mine / peer.memory
    return Row(case, "<= QGIS", f"{words}, {ratio:.1f} of QGIS", "met" if ratio <= 1 else "MISSED")
