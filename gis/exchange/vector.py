"""FlatGeobuf, MapInfo and GML through GDAL. Runs in the child process only."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from gis.exchange import encoding
from gis.exchange.gdal_reading import Records, list_layers, missing_records, read_layer, text_bytes
from gis.exchange.geopackage import choose_layer
from gis.exchange.raw import RawTable, SourceLayer
from gis.exchange.table_building import decoded_columns, distinct_names, telling, to_raw
from gis.exchange.xml_reading import as_utf8, refuse_entities
from layers.errors import BadInputError, Finding
from layers.text import Text

_MAIN: Final = {".mid": ".mif", ".dat": ".tab", ".map": ".tab", ".id": ".tab"}
_GML_IDS: Final = ("gml_id", "fid")
_DECLARATION: Final = re.compile(rb"^\s*<\?xml[^>]*\?>")
_UTF8: Final = b'<?xml version="1.0" encoding="UTF-8"?>'


def read_vector(path: Path, format_name: str, wanted: str | None, preferred: Sequence[str] = ()) -> RawTable:
    """Read one layer; text in the encoding that the bytes show.

    Raises
    ------
    BadInputError, NotFoundError
        As `choose_layer`; or if the file cannot be opened at all.
    """
    with _ready(path, format_name) as file:
        layer = choose_layer(path.name, list_layers(file), wanted, preferred)
        records = read_layer(file, layer.name)
    findings: list[Finding] = []
    texts = [text for column in records.columns for text in telling(column)]
    found = encoding.detect([*texts, *map(text_bytes, records.names)])
    names = [encoding.decode(text_bytes(name), found.name).text for name in records.names]
    records = records._replace(names=distinct_names(names, findings))
    records = decoded_columns(records, found.name, [0] * len(names), findings)
    records = _with_missing(_without_ids_of(format_name, records), layer, findings)
    table = to_raw(layer.name, format_name, records, findings)
    table.encoding, table.encoding_evidence = found.name, found.evidence
    return table


def _without_ids_of(format_name: str, records: Records) -> Records:
    """Return records without the numbers that GML gives its elements anew each time it is written."""
    kept = [i for i, name in enumerate(records.names) if format_name != "GML" or name.lower() not in _GML_IDS]
    names, columns = [records.names[i] for i in kept], [records.columns[i] for i in kept]
    return records if len(kept) == len(records.names) else records._replace(names=names, columns=columns)


def vector_layers(path: Path, format_name: str) -> list[SourceLayer]:
    """Return what a file offers."""
    with _ready(path, format_name) as file:
        return list_layers(file)


@contextmanager
def _ready(path: Path, format_name: str) -> Iterator[Path]:
    """Give what GDAL may open: for GML a clean copy, as GDAL would write beside the original."""
    if format_name != "GML":
        yield _main_file(path) if format_name == "MapInfo" else path
        return
    data = as_utf8(path.read_bytes())
    refuse_entities(data)
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        copy = Path(folder, path.stem + ".gml")
        copy.write_bytes(_UTF8 + _DECLARATION.sub(b"", data))
        for end in (".xsd", ".gfs"):
            if path.with_suffix(end).exists():
                shutil.copyfile(path.with_suffix(end), copy.with_suffix(end))
        yield copy


def _main_file(path: Path) -> Path:
    end = _MAIN.get(path.suffix.lower())
    if end is None:
        return path
    for candidate in (path.with_suffix(end), path.with_suffix(end.upper())):
        if candidate.exists():
            return candidate
    raise BadInputError(
        Text("缺少 {stem}{end}，没有图形可导入。", "{stem}{end} is missing: there are no shapes.").format(
            stem=path.stem, end=end
        ),
        Text("请把同名文件放在同一文件夹。", "Keep the files of one name together."),
        code="import.incomplete",
    )


def _with_missing(records: Records, layer: SourceLayer, findings: list[Finding]) -> Records:
    """Count what the file promises and does not hold, as after a cut."""
    there = len(records.numbers) + len(records.lost)
    missing = layer.features - there
    if missing <= 0:
        return records
    words = Text(
        "文件不完整：应有 {all} 条记录，只读到 {n} 条",
        "the file is cut: of {all} records only {n} could be read",
    ).format(all=layer.features, n=there)
    findings.append(Finding("import.truncated", words, "warning"))
    gone = Text("此记录不在文件中，未导入", "this record is not in the file; left out")
    return records._replace(lost=[*records.lost, *missing_records(there, missing, gone)])
