"""What one problem spot of the sample says."""

from __future__ import annotations

from collections.abc import Mapping

from shapely import Geometry

from layers.schema import Value


class Spot:
    """A problem spot as somebody reported it.

    Parameters
    ----------
    code : str
        ``D01`` drainage, ``T01`` traffic.
    shape : shapely.Geometry
        Local metres.
    title, category : str
    severity : int
        1 to 5.
    status, source : str
    reported_on : str
        ISO date; the spot is on the plan from then on.
    description : str
    **when
        Fields of the rain event, or weekdays and hours.
    """

    def __init__(
        self,
        code: str,
        shape: Geometry,
        title: str,
        category: str,
        severity: int,
        status: str,
        source: str,
        reported_on: str,
        description: str,
        **when: Value,
    ) -> None:
        self.code, self.shape, self.reported_on = code, shape, reported_on
        self.attributes: Mapping[str, Value] = {
            "code": code,
            "title": title,
            "category": category,
            "severity": severity,
            "status": status,
            "source": source,
            "reported_on": reported_on,
            "description": description,
            **when,
        }

    @property
    def layer(self) -> str:
        """The layer the spot belongs to."""
        return layer_of(self.code)


def layer_of(code: str) -> str:
    """Return the layer of a spot by its code."""
    return "drainage_spot" if code.startswith("D") else "traffic_spot"


def rain(date: str, depth_m: float, duration_h: float) -> dict[str, Value]:
    """Return the fields of a rain event: day, water depth, time to drain."""
    return {"rain_date": date, "depth_m": depth_m, "duration_h": duration_h}
