"""Reading a foreign file into plain columns, its coordinate system checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import Bounds, crs_title, is_geographic, parse_crs
from gis.crs_numbers import check_numbers, guess_advice, guess_crs
from gis.exchange.raw import RawTable, SourceLayer, read_table
from gis.progress import Progress
from layers import errors
from layers.errors import BadInputError, CrsError, Finding, NotFoundError
from layers.schema import Value
from layers.text import Text

_ROOT: Final = Path(__file__).resolve().parents[2]
_OTHERS_OPTIONS: Final = ("GDAL_", "OGR_", "CPL_", "SHAPE_", "PROJ_", "SQLITE_")
_POLL_S: Final = 0.05
_MOST_S: Final = 900.0
_READING: Final = Text("正在读取文件", "Reading the file")


@dataclass(frozen=True)
class Counts:
    """Where the records of a file went.

    Parameters
    ----------
    read : int
        Records in the file.
    usable : int
        With a geometry, repaired or not.
    repaired : int
        Of those, with a repaired geometry.
    set_aside : int
        Without a usable geometry, or not readable. ``usable + set_aside == read``.
    """

    read: int
    usable: int
    repaired: int
    set_aside: int


@dataclass(frozen=True)
class Source:
    """One layer of a foreign file, as it stands there.

    Parameters
    ----------
    path : Path
    format, layer : str
    columns : mapping of str to list of Value, each of length n
    geometry : array of shapely.Geometry or None, shape (n,)
        In `crs`; valid and two-dimensional, None where there is none to use.
    records : tuple of int, length n
        Record numbers in the file; the first is 1.
    ids : tuple of str or None, length n
        Identities the format itself carries.
    crs : str
        Canonical name (`gis.crs.parse_crs`); GCJ-02 and BD-09 are possible.
    encoding : str
    encoding_evidence : Text
    findings : tuple of Finding
    counts : Counts
    repaired : frozenset of int
        Record numbers.
    """

    path: Path
    format: str
    layer: str
    columns: Mapping[str, Sequence[Value]]
    geometry: NDArray[np.object_]
    records: tuple[int, ...]
    ids: tuple[str | None, ...]
    crs: str
    encoding: str
    encoding_evidence: Text
    findings: tuple[Finding, ...]
    counts: Counts
    repaired: frozenset[int]


def list_source_layers(path: Path, progress: Progress | None = None) -> tuple[SourceLayer, ...]:
    """Return the layers a file offers, with type and count.

    Raises
    ------
    NotFoundError, BadInputError
        If the file is not there or cannot be understood.
    """
    answer = ask_child({"task": "layers", "path": str(existing_file(path))}, progress or Progress())
    return tuple(SourceLayer(**layer) for layer in answer["layers"])


def read_source(
    path: Path,
    *,
    source_layer: str | None = None,
    encoding: str | None = None,
    crs: str | None = None,
    preferred: Sequence[str] = (),
    progress: Progress | None = None,
) -> Source:
    """Read a GeoPackage layer, a GeoJSON file or a shapefile.

    Parameters
    ----------
    path : Path
        A file that is never written to and never opened in this process.
    source_layer : str, optional
        Which layer of a GeoPackage; not needed if only one has shapes.
    encoding : str, optional
        Of a shapefile's text; found from the bytes if not given.
    crs : str, optional
        What the user says; stronger than what the file says.
    preferred : sequence of str
        Layer names to take if the file has several.
    progress : Progress, optional

    Raises
    ------
    NotFoundError
        If the file or layer does not exist.
    CrsError
        If no coordinate system is known, or the numbers contradict it.
    BadInputError
        If the file cannot be understood, needs too much memory, or has no shapes.
    CancelledError
        If the user cancelled.
    """
    progress = progress or Progress()
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        request = {
            "task": "read",
            "path": str(existing_file(path)),
            "out": str(Path(folder, "table")),
            "layer": source_layer,
            "encoding": encoding,
            "preferred": list(preferred),
        }
        ask_child(request, progress)
        table = read_table(Path(folder, "table"))
    return _source(path, table, crs)


def bounds_of(geometry: NDArray[np.object_]) -> Bounds | None:
    """Return the box around all geometries, or None if there is none."""
    if not len(geometry) or shapely.is_missing(geometry).all():
        return None
    west, south, east, north = (float(v) for v in shapely.total_bounds(geometry))
    return west, south, east, north


def _source(path: Path, table: RawTable, crs: str | None) -> Source:
    geometry = np.full(len(table.wkb), None, dtype=object)
    geometry[:] = list(shapely.from_wkb(np.array([*table.wkb, None], dtype=object)))[:-1]
    if not len(geometry) or shapely.is_missing(geometry).all():
        raise _nothing(path, table)
    findings = [*table.findings]
    chosen = _crs(path, table, crs, bounds_of(geometry), findings)
    usable = int((~shapely.is_missing(geometry)).sum())
    named = tuple(f if f.file else _placed(f, path.name) for f in findings)
    return Source(
        path=path,
        format=table.format,
        layer=table.layer,
        columns=table.columns,
        geometry=geometry,
        records=tuple(table.records),
        ids=tuple(table.ids),
        crs=chosen,
        encoding=table.encoding,
        encoding_evidence=table.encoding_evidence,
        findings=named,
        counts=Counts(table.read, usable, len(table.repaired), table.read - usable),
        repaired=frozenset(table.repaired),
    )


def _crs(
    path: Path, table: RawTable, said: str | None, bounds: Bounds | None, findings: list[Finding]
) -> str:
    declared = parse_crs(table.crs) if table.crs else None
    chosen = parse_crs(said) if said else declared
    if chosen is None:
        raise _no_crs(path, bounds, tuple(table.findings))
    if bounds is not None:
        check_numbers(chosen, bounds)
    if said and declared and declared != chosen:
        words = Text(
            "文件标注为“{a}”，按用户指定取“{b}”", "the file says “{a}”; “{b}” was taken as the user says"
        )
        findings.append(
            Finding("import.crs-overruled", words.format(a=crs_title(declared), b=crs_title(chosen)), "info")
        )
    findings += _offset_findings(table, chosen)
    return chosen


def _nothing(path: Path, table: RawTable) -> BadInputError:
    words = Text("{file} 中没有可用的图形（{n} 条记录）。", "{file} has no usable shape ({n} records).")
    return BadInputError(
        words.format(file=path.name, n=table.read), code="import.no-shapes", findings=tuple(table.findings)
    )


def _no_crs(path: Path, bounds: Bounds | None, findings: tuple[Finding, ...]) -> CrsError:
    guess = guess_crs(bounds) if bounds else None
    return CrsError(
        Text("{file} 没有标明坐标系，未导入。", "{file} does not name its CRS; nothing was imported.").format(
            file=path.name
        ),
        guess_advice(guess) if guess else None,
        code="crs.missing",
        findings=findings,
    )


def _offset_findings(table: RawTable, chosen: str) -> list[Finding]:
    from gis.exchange.offset_check import offset_finding

    found = offset_finding(table) if is_geographic(chosen) else None
    return [found] if found else []


def _placed(finding: Finding, file: str) -> Finding:
    return Finding(**{**vars(finding), "file": file})


def existing_file(path: Path) -> Path:
    """Return the absolute path of a file, or raise `NotFoundError`, or `BadInputError` for a folder."""
    if path.is_dir():
        raise BadInputError(
            Text("{path} 是文件夹，请选择其中的文件。", "{path} is a folder; choose a file in it.").format(
                path=path
            ),
            code="file.folder",
        )
    if not path.exists():
        raise NotFoundError(
            Text("找不到文件：{path}", "There is no such file: {path}").format(path=path),
            Text("请检查文件名和所在文件夹。", "Check the name and the folder."),
            code="file.unknown",
        )
    return path.absolute()


def ask_child(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Return what the child process that opens foreign files answers (see `gis.exchange.child`).

    Raises
    ------
    PlanboardError
        What the child raises; `BadInputError` if it stops or takes too long;
        `CancelledError` if the user stops it.
    """
    progress.step(0.0, _READING)
    with tempfile.TemporaryFile() as answer_file:
        child = subprocess.Popen(
            [sys.executable, "-I", "-c", _start_words()],
            stdin=subprocess.PIPE,
            stdout=answer_file,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            _wait(child, json.dumps(request).encode(), progress)
        finally:
            if child.poll() is None:
                child.kill()
            child.wait()
        answer_file.seek(0)
        words = answer_file.read()
    return _understood(words, child.returncode)


def _start_words() -> str:
    """Return what starts the child: the user's environment shut out, this program's folder first."""
    module = "runpy.run_module('gis.exchange.child', run_name='__main__')"
    return f"import runpy, sys; sys.path.insert(0, {str(_ROOT)!r}); {module}"


def _environment() -> dict[str, str]:
    """Return the environment without what other software set for GDAL: it might write, or misread."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS_OPTIONS)}


def _wait(child: subprocess.Popen[bytes], request: bytes, progress: Progress) -> None:
    assert child.stdin is not None
    child.stdin.write(request)
    child.stdin.close()
    until = time.monotonic() + _MOST_S
    while child.poll() is None:
        progress.check()
        if time.monotonic() > until:
            raise BadInputError(
                Text("读取超过 {n} 分钟，已停止。", "Reading took over {n} minutes and was stopped.").format(
                    n=int(_MOST_S / 60)
                ),
                code="import.too-slow",
            )
        time.sleep(_POLL_S)


def _understood(words: bytes, exit_code: int) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(words.decode("utf-8", "surrogatepass"))
    except ValueError:
        raise BadInputError(
            Text(
                "读取程序中途停止（{code}），文件可能已损坏或过大。",
                "The reader stopped ({code}); the file may be damaged or too large.",
            ).format(code=exit_code),
            Text("项目未作任何更改。", "The project is unchanged."),
            code="import.reader-stopped",
        ) from None
    if "error" in answer:
        family, message, advice, code = answer["error"]
        kind: type[errors.PlanboardError] = getattr(errors, family)
        raise kind(Text(*message), Text(*advice) if advice else None, code=code)
    return answer
