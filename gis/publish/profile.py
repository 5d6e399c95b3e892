"""Profiles: who a page is for, as allow-lists of layers and fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from layers.errors import NotFoundError
from layers.kind import Kind
from layers.schema import Field
from layers.text import Text


@dataclass(frozen=True)
class Profile:
    """What may leave the project for one kind of reader.

    Parameters
    ----------
    name : str
    title : Text
    layer : callable
        Whether a kind's layer may be published.
    field : callable
        Whether a field may be published.
    """

    name: str
    title: Text
    layer: Callable[[Kind], bool]
    field: Callable[[Field], bool]


PROFILES: Final[Mapping[str, Profile]] = {
    # Photos stay inside until they can be stripped of places, faces and plates.
    "public": Profile(
        "public",
        Text("公开网页", "Public page"),
        lambda kind: kind.public,
        lambda field: field.public and field.type != "photos",
    ),
}


def profile_of(name: str) -> Profile:
    """Return a profile by name.

    Raises
    ------
    NotFoundError
        If there is none of that name; the known ones are listed.
    """
    if name not in PROFILES:
        raise NotFoundError(
            Text("没有发布方案“{name}”。", "There is no profile “{name}”.").format(name=name),
            Text("可用：{names}", "Known: {names}").format(names=", ".join(PROFILES)),
            code="publish.profile",
        )
    return PROFILES[name]
