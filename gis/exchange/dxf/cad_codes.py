"""What survey drawings of 南方CASS call the layers that hold what a plan holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CASS_CODES: Final[Mapping[str, str]] = {
    "boundary": "JJ",
    "building": "JMD",
    "barrier": "YZH",
    "road": "DLSS",
    "parking": "DLSS",
    "green": "ZBTZ",
    "tree": "ZBTZ",
    "pipe": "GXYZ",
    "drain_node": "GXYZ",
    "facility": "DLDW",
    "note": "ZJ",
}
"""By layer id. Plans, problem spots and comments are in no survey drawing; they keep their titles."""
