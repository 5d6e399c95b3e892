"""What the form of a data file learns of it in the background, before anything is planned."""

from __future__ import annotations

from dataclasses import dataclass

from gis.crs_candidates import Candidate, candidate_words, crs_candidates, needs_points
from gis.crs_names import WGS84
from gis.exchange.kept_choices import Offer, kept_choices, offer_of, titles_of
from gis.exchange.record_changes import OWN
from gis.exchange.source import TABLES, Ground, Source, Unplaced
from gis.exchange.standing import Standing, standings
from gis.exchange.tables.chosen_places import PlaceColumns, with_place_columns
from gis.i18n import tr
from gis.progress import Progress
from layers.snapshot import Snapshot
from layers.text import Text
from ui.models.import_choice import likely_layer, shapes_of


@dataclass(frozen=True)
class FileRead:
    """A layer of a file as Planboard understands it by itself.

    Parameters
    ----------
    unplaced : Unplaced
    target : str
        Id of the layer it most likely belongs to.
    offer : Offer, optional
        What was chosen last for such a file.
    """

    unplaced: Unplaced
    target: str
    offer: Offer | None


@dataclass(frozen=True)
class Laid:
    """The same with its coordinates where they were said to stand, and the systems they may be in.

    Parameters
    ----------
    unplaced : Unplaced
    candidates : tuple of Candidate
    standings : tuple of Standing
    refused : bool
        Whether only control points lead from what the file says to the plan.
    """

    unplaced: Unplaced
    candidates: tuple[Candidate, ...] = ()
    standings: tuple[Standing, ...] = ()
    refused: bool = False


def understood_file(found: Unplaced, snapshot: Snapshot) -> FileRead:
    """Return what was read with the layer it belongs to, and what was chosen last for such a file."""
    for column in found.table.columns.values():
        column[:1]  # unpacked here, so that showing a few does not keep the window waiting
    table = found.table
    target = likely_layer(snapshot, table.layer, tuple(table.columns), shapes_of(found.geometry))
    kept = kept_choices(titles_of(found))
    return FileRead(found, target, offer_of(kept, found, snapshot, target) if kept is not None else None)


def looked_at(
    found: Unplaced, progress: Progress, *, snapshot: Snapshot, again: bool
) -> tuple[FileRead, Laid]:
    """Return a file as it is understood, laid out as it was chosen last if that is wanted `again`."""
    read = understood_file(found, snapshot)
    places = read.offer.choices.places if read.offer is not None and again else None
    return read, laid(read, places, snapshot, progress)


def fillable(unplaced: Unplaced) -> list[str]:
    """Return the columns of a file that may fill a field."""
    return [name for name in unplaced.table.columns if name.lower() not in OWN]


def laid(read: FileRead, places: PlaceColumns | None, snapshot: Snapshot, progress: Progress) -> Laid:
    """Return a file with the systems its numbers may be in; `places` says where they stand."""
    found = read.unplaced if places is None else with_place_columns(read.unplaced, places)
    bounds = found.bounds
    if bounds is None:
        return Laid(found)
    progress.step(0.9, Text("正在判断坐标系", "Finding the coordinate system"))
    ways = crs_candidates(bounds, snapshot.crs, snapshot.extent(), found.declared)
    refused = found.declared is not None and needs_points(found.declared, snapshot.crs)
    return Laid(found, ways, standings(found, ways, snapshot), refused)


def only_degrees(unplaced: Unplaced) -> bool:
    """Tell whether a table has degrees and no word on their system: WGS 84 is then only the likeliest."""
    return unplaced.table.format in TABLES and unplaced.table.crs == WGS84


def understood_words(source: Source, unplaced: Unplaced | None, ground: Ground | None) -> str:
    """Return how a file was understood: its format, where it lies, and its encoding."""
    words = (
        tr("{f}，坐标系 {c}", "{f}, {c}", f=source.format, c=tr(candidate_words(source.crs)))
        if source.crs
        else tr("{f}，无坐标，按编号合并", "{f}, no coordinates, joined by number", f=source.format)
    )
    if ground is not None:
        words += tr(
            "（按 {n} 个控制点配准，中误差 {r:.3f} 米）",
            " (by {n} control points, RMS {r:.3f} m)",
            n=len(ground.fit.names),
            r=ground.fit.rms_m,
        )
    elif source.crs and unplaced is not None and (unplaced.table.crs is None or only_degrees(unplaced)):
        words += tr("（文件未标注，请看地图核对）", " (not named in the file: check it on the map)")
    if source.encoding:
        words += tr("，编码 {e}", ", encoding {e}", e=source.encoding)
        words += f" ({tr(source.encoding_evidence)})" if source.encoding_evidence.zh else ""
    return words
