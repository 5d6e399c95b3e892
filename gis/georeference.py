"""From a local drawing grid to the ground, by control points.

A similarity (shift, turn, scale) needs two points and cannot bend a plan; an
affine fit needs four and hides mistakes: points with exchanged axes fit an
affine to centimetres and mirror the map. So a similarity comes first, and
mirrored or exchanged axes are found and offered as a correction, never
swallowed. The parameters belong to the project alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gis.crs import Bounds, distance_from_area_deg
from layers.errors import CrsError, Finding, UsageError
from layers.text import Text, same

Method: TypeAlias = Literal["similarity", "affine"]
Lie: TypeAlias = Literal["here", "exchanged", "away"]
Points: TypeAlias = NDArray[np.float64]

_FEWEST: Final[dict[Method, int]] = {"similarity": 2, "affine": 4}
_WORST_RMS_M: Final = 20.0
_GOOD_RMS_M: Final = 0.5
_BETTER: Final = 10.0
_SCALE_SLACK: Final = 0.01
_UNITS: Final = {1.0: same("1"), 0.001: Text("毫米", "millimetres"), 0.01: Text("厘米", "centimetres")}
_METHODS: Final[dict[Method, Text]] = {
    "similarity": Text("四参数", "similarity"),
    "affine": Text("仿射", "affine"),
}
_IN_LINE: Final = 0.02
_UPRIGHT_DEG: Final = 45.0
_BESIDE_DEG: Final = 1.5
"""Neighbouring zones overlap in use."""

_SWAP: Final = Text(
    "交换横、纵坐标后误差为 {r:.2f} m；若属实，请用“交换坐标轴”（命令行 --swap-axes）。",
    "With the axes exchanged they miss by {r:.2f} m; if that is right, exchange them (--swap-axes).",
)
_SWAP_BACK: Final = Text(
    "不交换坐标轴时误差为 {r:.2f} m，请去掉“交换坐标轴”。",
    "Without exchanging the axes they miss by {r:.2f} m: leave them as they are.",
)

_NORTH_FIRST: Final = Text(
    "地面坐标按“北、东”的顺序读入（测量表中 X 为北）",
    "the ground coordinates are taken as north, then east, as survey tables give them",
)


class ControlPoint(NamedTuple):
    """One place in the drawing and on the ground.

    Parameters
    ----------
    name : str
    x, y : float
        In the drawing.
    east, north : float
        In the CRS of the project, metres.
    exchanged : bool
        Whether they were given the other way round: survey tables put north first and call it X.
    """

    name: str
    x: float
    y: float
    east: float
    north: float
    exchanged: bool = False


@dataclass(frozen=True)
class Fit:
    """A plane transformation found from control points.

    Parameters
    ----------
    method : {"similarity", "affine"}
    matrix : array, shape (2, 3)
        Applied to ``(x, y, 1)``; metres of the project come out.
    swapped : bool
        Whether x and y of the drawing are exchanged first.
    names : tuple of str
    residuals_m : array, shape (n, 2)
        East and north of the transformed point less the given one.
    scale : float
        Metres per unit of the drawing.
    rotation_deg : float
        Counter-clockwise.
    findings : tuple of Finding
        Doubts: units, few points, large residuals, a point that spoils the fit.
    """

    method: Method
    matrix: Points
    swapped: bool
    names: tuple[str, ...]
    residuals_m: Points
    scale: float
    rotation_deg: float
    findings: tuple[Finding, ...] = ()

    @property
    def rms_m(self) -> float:
        """Root of the mean squared distance between transformed and given points."""
        return _rms(self.residuals_m)

    @property
    def distances_m(self) -> NDArray[np.float64]:
        """How far each point comes out from where it should be."""
        distances: NDArray[np.float64] = np.hypot(self.residuals_m[:, 0], self.residuals_m[:, 1])
        return distances

    def apply(self, xy: Points) -> Points:
        """Return coordinates on the ground, shape (n, 2).

        Examples
        --------
        >>> fit = fit_control_points([ControlPoint("A", 0, 0, 100, 200), ControlPoint("B", 10, 0, 100, 210)])
        >>> fit.apply(np.array([[5.0, 1.0]])).round(6).tolist()
        [[99.0, 205.0]]
        """
        given = np.asarray(xy, dtype=float).reshape(-1, 2)
        given = given[:, ::-1] if self.swapped else given
        moved: Points = given @ self.matrix[:, :2].T + self.matrix[:, 2]
        return moved


def fit_control_points(
    points: Sequence[ControlPoint],
    method: Method = "similarity",
    *,
    swapped: bool = False,
    picture: bool = False,
    worst_rms_m: float = _WORST_RMS_M,
) -> Fit:
    """Find the transformation that brings drawing points onto the ground.

    Parameters
    ----------
    points : sequence of ControlPoint
        Two at least; four for an affine fit.
    method : {"similarity", "affine"}
    swapped : bool
        Exchange x and y of the drawing first: the correction that is offered for mirrored drawings.
    picture : bool
        The drawing is a picture, x its columns and y its rows counted upwards: any scale is usual.
    worst_rms_m : float
        A fit that misses by more is refused.

    Returns
    -------
    Fit
        With residuals, scale, rotation, and what is doubtful.

    Raises
    ------
    UsageError
        If there are too few points.
    CrsError
        If the points lie in one place (``georeference.degenerate``), if the fit would mirror the map
        (``georeference.mirrored``, with the correction), or if the points contradict each other
        (``georeference.poor``, with the residuals).
    """
    drawing, ground = _arrays(points, method)
    if swapped:
        drawing = drawing[:, ::-1]
    matrix = (_similarity if method == "similarity" else _affine)(drawing, ground)
    residuals = _residuals(matrix, drawing, ground)
    mirrored = _similarity(drawing[:, ::-1], ground)
    mirrored_rms = _rms(_residuals(mirrored, drawing[:, ::-1], ground))
    rms = _rms(residuals)
    turned = len(points) > 2 and rms > _GOOD_RMS_M and mirrored_rms * _BETTER < rms
    if turned or np.linalg.det(matrix[:, :2]) < 0:
        raise _mirrored(rms, mirrored_rms, mirrored, swapped=swapped)
    scale, rotation = _scale_and_rotation(matrix)
    names = tuple(point.name for point in points)
    findings = _doubts(drawing, ground, residuals, None if picture else scale, names, method)
    if any(point.exchanged for point in points):
        findings.insert(0, Finding("georeference.north-first", _NORTH_FIRST, "warning"))
    fit = Fit(method, matrix, swapped, names, residuals, scale, rotation, tuple(findings))
    if fit.rms_m > worst_rms_m:
        raise _poor(fit)
    return fit


def how_it_lies(east: float, north: float, crs: str) -> Lie:
    """Tell whether two numbers can be a place in a CRS: as they are, only exchanged, or not at all.

    Examples
    --------
    >>> how_it_lies(4077893.3, 616831.0, "EPSG:4548")
    'exchanged'
    """
    if distance_from_area_deg(crs, (east, north, east, north), crs) <= _BESIDE_DEG:
        return "here"
    there = distance_from_area_deg(crs, (north, east, north, east), crs) <= _BESIDE_DEG
    return "exchanged" if there else "away"


def with_east_first(point: ControlPoint, crs: str) -> ControlPoint:
    """Return a point with its ground numbers exchanged if they can only be meant so."""
    if how_it_lies(point.east, point.north, crs) != "exchanged":
        return point
    return point._replace(east=point.north, north=point.east, exchanged=True)


def with_drawing_east_first(point: ControlPoint, box: Bounds) -> ControlPoint:
    """Return a point with its drawing numbers exchanged if only so it lies in the box of the drawing.

    Surveyors put north first and call it X.

    Examples
    --------
    >>> with_drawing_east_first(ControlPoint("K", 2100, 1200, 0, 0), (1000, 2000, 1400, 2300))[1:3]
    (1200, 2100)
    """
    if _near(box, point.x, point.y) or not _near(box, point.y, point.x):
        return point
    return point._replace(x=point.y, y=point.x)


def _near(box: Bounds, x: float, y: float) -> bool:
    """Tell whether a place lies in a box made as large again on each side."""
    west, south, east, north = box
    wide, high = east - west, north - south
    return west - wide <= x <= east + wide and south - high <= y <= north + high


def fewest_points(method: Method) -> int:
    """Return how many control points a fit needs."""
    return _FEWEST[method]


def fit_findings(fit: Fit) -> tuple[Finding, ...]:
    """Return what an import tells about its georeferencing: the fit as a whole, then its doubts."""
    words = Text(
        "按 {n} 个控制点配准（{m}），中误差 {r:.3f} m，比例 {s:.6g}，旋转 {a:.3f}°",
        "georeferenced by {n} control points ({m}): RMS {r:.3f} m, scale {s:.6g}, rotation {a:.3f}°",
    ).format(n=len(fit.names), m=_METHODS[fit.method], r=fit.rms_m, s=fit.scale, a=fit.rotation_deg)
    return Finding("georeference.fit", words, "info"), *fit.findings


def _arrays(points: Sequence[ControlPoint], method: Method) -> tuple[Points, Points]:
    if len(points) < _FEWEST[method]:
        words = Text(
            "配准至少需要 {n} 个控制点，只有 {m} 个。", "This fit needs {n} control points; there are {m}."
        )
        raise UsageError(words.format(n=_FEWEST[method], m=len(points)), code="georeference.few")
    drawing = np.array([(p.x, p.y) for p in points], dtype=float)
    ground = np.array([(p.east, p.north) for p in points], dtype=float)
    spread = [float(np.ptp(side, axis=0).max()) for side in (drawing, ground)]
    from_middle = drawing - drawing.mean(axis=0)
    flat = method == "affine" and np.linalg.matrix_rank(from_middle, tol=1e-6 * spread[0]) < 2
    if min(spread) <= 0.0 or not np.isfinite(spread).all() or flat:
        raise CrsError(
            Text(
                "控制点重合或在一条直线上，无法配准。",
                "The control points coincide or lie on one line; no fit.",
            ),
            Text("请选相距较远、不在一条线上的点。", "Choose points far apart and not in a line."),
            code="georeference.degenerate",
        )
    return drawing, ground


def _similarity(drawing: Points, ground: Points) -> Points:
    """Return the best shift, turn and scale: least squares of complex numbers about the middles."""
    from_middle, to_middle = drawing.mean(axis=0), ground.mean(axis=0)
    z = (drawing - from_middle) @ np.array([1.0, 1.0j])
    w = (ground - to_middle) @ np.array([1.0, 1.0j])
    turn = np.vdot(z, w) / np.vdot(z, z).real
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([linear, to_middle - linear @ from_middle])


def _affine(drawing: Points, ground: Points) -> Points:
    from_middle, to_middle = drawing.mean(axis=0), ground.mean(axis=0)
    solved, *_ = np.linalg.lstsq(drawing - from_middle, ground - to_middle, rcond=None)
    linear = solved.T
    return np.column_stack([linear, to_middle - linear @ from_middle])


def _residuals(matrix: Points, drawing: Points, ground: Points) -> Points:
    residuals: Points = drawing @ matrix[:, :2].T + matrix[:, 2] - ground
    return residuals


def _rms(residuals: Points) -> float:
    return float(np.sqrt((residuals**2).sum(axis=1).mean()))


def _scale_and_rotation(matrix: Points) -> tuple[float, float]:
    linear = matrix[:, :2]
    scale = math.sqrt(abs(float(np.linalg.det(linear))))
    return scale, math.degrees(math.atan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1]))


def _doubts(
    drawing: Points,
    ground: Points,
    residuals: Points,
    scale: float | None,
    names: Sequence[str],
    method: Method,
) -> list[Finding]:
    findings = _unit_doubts(scale) if scale is not None else []
    if len(names) == 2:
        words = Text(
            "只有两个控制点，无法检验，也看不出镜像；建议至少三个",
            "two points cannot be checked, nor show a mirrored map; three or more are better",
        )
        findings.append(Finding("georeference.unchecked", words, "warning"))
    elif method == "similarity" and _in_line(drawing):
        words = Text(
            "控制点在一条直线上，看不出镜像；请在线外再取一点",
            "the points lie on one line, which shows no mirrored map; take one more beside it",
        )
        findings.append(Finding("georeference.in-line", words, "warning"))
    if _rms(residuals) > _GOOD_RMS_M:
        words = Text(
            "控制点中误差 {r:.2f} m，偏大", "the RMS of the control points is {r:.2f} m, which is much"
        )
        findings.append(Finding("georeference.rms", words.format(r=_rms(residuals)), "warning"))
        if (worst := _spoiler(drawing, ground, method)) is not None:
            words = Text(
                "去掉控制点“{p}”后误差大减，请核对它",
                "without the point “{p}” the fit is far better; check it",
            )
            findings.append(
                Finding("georeference.outlier", words.format(p=names[worst]), "warning", record=names[worst])
            )
    return findings


def _in_line(drawing: Points) -> bool:
    """Tell whether points lie so near to one line that their other side is a matter of chance."""
    along, across = np.linalg.svd(drawing - drawing.mean(axis=0), compute_uv=False)[:2]
    return bool(across < _IN_LINE * along)


def _unit_doubts(scale: float) -> list[Finding]:
    unit = next((u for u in _UNITS if abs(scale / u - 1.0) < _SCALE_SLACK), None)
    if unit is None:
        words = Text(
            "比例为 {s:.6g}，不是米、厘米或毫米，请核对控制点",
            "the scale is {s:.6g}, no usual unit; check the points",
        )
        return [Finding("georeference.scale", words.format(s=scale), "warning")]
    if unit == 1.0:
        return []
    words = Text("图纸单位是{u}，已换算为米", "the drawing is in {u}; converted to metres")
    return [Finding("georeference.unit", words.format(u=_UNITS[unit]), "info")]


def _spoiler(drawing: Points, ground: Points, method: Method) -> int | None:
    """Return the point without which the others agree, or None."""
    if len(drawing) <= _FEWEST[method] + 1:
        return None
    solve = _similarity if method == "similarity" else _affine
    whole = _rms(_residuals(solve(drawing, ground), drawing, ground))
    without = []
    for i in range(len(drawing)):
        d, g = np.delete(drawing, i, axis=0), np.delete(ground, i, axis=0)
        without.append(_rms(_residuals(solve(d, g), d, g)))
    worst = int(np.argmin(without))
    return worst if without[worst] * _BETTER < whole else None


def _mirrored(rms: float, corrected_rms: float, corrected: Points, *, swapped: bool) -> CrsError:
    _, rotation = _scale_and_rotation(corrected)
    upright = abs(rotation) <= _UPRIGHT_DEG
    what = (
        Text("图纸的横、纵坐标（东、北）颠倒", "the drawing has its axes (east and north) exchanged")
        if upright
        else Text("图纸是镜像的", "the drawing is mirrored")
    )
    return CrsError(
        Text(
            "控制点配准误差 {r:.1f} m：{what}，直接配准会把地图翻面，已拒绝。",
            "Refused: the control points miss by {r:.1f} m because {what}; the map would be turned over.",
        ).format(r=rms, what=what),
        (_SWAP_BACK if swapped else _SWAP).format(r=corrected_rms),
        code="georeference.mirrored",
    )


def _poor(fit: Fit) -> CrsError:
    words = Text("{r:.1f} m", "{r:.1f} m")
    findings = [
        Finding("georeference.residual", words.format(r=distance), "error", record=name)
        for name, distance in zip(fit.names, fit.distances_m, strict=True)
    ]
    return CrsError(
        Text(
            "控制点互相矛盾（中误差 {r:.1f} m），未导入。",
            "The control points contradict each other (RMS {r:.1f} m); nothing was imported.",
        ).format(r=fit.rms_m),
        Text("请核对误差最大的点：{p}。", "Check the point that is furthest off: {p}.").format(
            p=fit.names[int(np.argmax(fit.distances_m))]
        ),
        code="georeference.poor",
        findings=(*findings, *fit.findings),
    )
