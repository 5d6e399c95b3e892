"""Problem spots on the board: put there when they were reported, answered by revisions."""

from __future__ import annotations

from sample_data.draft import Draft
from sample_data.drainage_spots import DRAINAGE_SPOTS
from sample_data.spot import layer_of
from sample_data.traffic_spots import TRAFFIC_SPOTS

SURVEYED = "2020-04-15"
"""Until then spots were collected before the first posting."""


def draw_spots(board: Draft, until: str = SURVEYED) -> None:
    """Draw the spots reported until a day (ISO date) that are not drawn yet."""
    for spot in (*DRAINAGE_SPOTS, *TRAFFIC_SPOTS):
        if spot.reported_on <= until and (spot.layer, spot.code) not in board.shapes:
            board.add(spot.layer, spot.code, spot.shape, **spot.attributes)


def answer(board: Draft, code: str, text: str, status: str = "answered") -> None:
    """Give a spot its answer and status."""
    board.edit(layer_of(code), code, status=status, answer=text)
