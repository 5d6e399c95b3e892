"""The colours of the map, in one place for screen, page and paper.

Warm greys for what stays, few hues, colour only for meaning. The state and
problem colours follow Okabe and Ito's set, which stays apart in red-green
blindness; every meaning has a second cue besides.
"""

from __future__ import annotations

from typing import Final

OUTSIDE: Final = "#F4F2ED"
GROUND: Final = "#FAF9F6"
BOUNDARY: Final = "#C8102E"

BUILDING: Final = "#DAD5CD"
BUILDING_LINE: Final = "#6B645C"
PUBLIC_BUILDING: Final = "#E8D9B5"
PUBLIC_BUILDING_LINE: Final = "#7A6A3C"
SHOP: Final = "#E9DCD3"

ROAD: Final = "#FFFFFF"
FOOTWAY: Final = "#F3ECDF"
ROAD_CASING: Final = "#C4BFB6"
ROAD_NAME: Final = "#8A847A"

GREEN: Final = "#DDE8CF"
TREE: Final = "#9DBB88"
TREE_LINE: Final = "#7FA069"
WATER: Final = "#CFE3EE"
WATER_LINE: Final = "#8FB7CB"
PAVING: Final = "#EFE7DA"

PARKING: Final = "#E6EBF0"
PARKING_LINE: Final = "#9FB1C1"

STORM: Final = "#2E6E8E"
FOUL: Final = "#8A5A44"
WALL: Final = "#8C857B"

RENOVATED: Final = "#0072B2"
NEW: Final = "#D55E00"
DEMOLISH: Final = "#3A3A3A"
RESERVED: Final = "#7A7A7A"

DRAINAGE_SPOT: Final = "#0B5FA5"
TRAFFIC_SPOT: Final = "#E69F00"
COMMENT: Final = "#56677A"

CHANGE: Final = "#C2185B"
ADDED: Final = "#00795C"
REMOVED: Final = "#B3261E"
MOVED: Final = "#6A3D9A"
CHANGED: Final = "#8A5A00"
SELECTION: Final = "#00A6D6"
HALO: Final = "#FFFFFF"
TEXT: Final = "#3A3A3A"
TEXT_SOFT: Final = "#6B645C"
