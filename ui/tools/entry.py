"""What can be typed while a tool is in hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from gis.edit.exact import Absolute, Polar, Relative, Typed, read_number, read_typed
from layers.errors import BadInputError
from layers.text import Text

EntryValue: TypeAlias = Typed | float | str
Values: TypeAlias = Mapping[str, EntryValue]
"""What was typed and makes sense, by the name of its entry."""
Use: TypeAlias = Callable[[Values], object]
"""What uses it; may raise `PlanboardError` with the reason, which the field tells."""


@dataclass(frozen=True)
class Entry:
    """One thing that can be typed.

    Parameters
    ----------
    name : str
    title : Text
    unit : str
    value : float, optional
        What holds now; shown until something else is typed.
    minimum, maximum : float, optional
        Both ends included.
    whole : bool
        Whether it is a count.
    place : bool
        Whether it takes a distance, ``distance<angle`` or coordinates, not just a number.
    words : bool
        Whether it takes any words.
    text : str
        Words that stand there at first, to be changed.
    """

    name: str
    title: Text
    unit: str = ""
    value: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    whole: bool = False
    place: bool = False
    words: bool = False
    text: str = ""

    def read(self, text: str) -> EntryValue:
        """Return what typed words mean.

        Raises
        ------
        BadInputError
            With the reason, to be told in place.
        """
        if self.words:
            return text.strip()
        if self.place:
            return read_typed(text)
        number = read_number(text)
        low, high = self.minimum, self.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            raise BadInputError(
                Text("{title}应在 {low} 到 {high} 之间。", "{title}: from {low} to {high}.").format(
                    title=self.title,
                    low="−∞" if low is None else f"{low:g}",
                    high="∞" if high is None else f"{high:g}",
                ),
                code="typed.range",
            )
        if self.whole and number != int(number):
            raise BadInputError(
                Text("{title}应为整数。", "{title} must be a whole number.").format(title=self.title),
                code="typed.whole",
            )
        return number


LENGTH: Final = Entry("length", Text("距离", "Distance"), "m", place=True)
ANGLE: Final = Entry("angle", Text("角度", "Angle"), "°")
PLACE: Final = Entry("length", Text("坐标", "Coordinate"), "E,N", place=True)
AT: Final = Entry("at", Text("坐标", "Coordinate"), "E,N", place=True)
"""A coordinate that is clicked at: so what takes clicks needs no mouse."""


def typed_place(values: Values) -> Typed | None:
    """Return the place that the entries for distance and angle make together; None if nothing is typed."""
    length, angle = values.get("length"), values.get("angle")
    if length is not None and isinstance(length, (Relative, Absolute)):
        return length
    metres = length.length_m if isinstance(length, Polar) else None
    degrees = length.angle_deg if isinstance(length, Polar) else None
    if isinstance(angle, (int, float)):
        degrees = float(angle)
    return None if metres is None and degrees is None else Polar(metres, degrees)


def number(values: Values, name: str, otherwise: float) -> float:
    """Return a typed number, or the one that holds otherwise."""
    value = values.get(name)
    return float(value) if isinstance(value, (int, float)) else otherwise
