"""Profiles: who a page is for, as allow-lists of layers and fields.

A profile is data: for every kind of layer the names of the fields that may
leave the project, and nothing for a kind that stays inside. A project may say
otherwise for its own layers in the setting ``publish.profile.<name>``::

    {"layers": {"building": ["number", "name"], "comment": false}, "photos": true}

A list replaces the profile's list of that layer, ``false`` keeps the layer
back, ``true`` means the profile's own list. What a page for everybody must
never show, no setting opens. A name that is none of the standard profiles
makes one of the project's own: ``"base"`` names the standard one it starts
from, ``"title"`` says what it is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from layers.changes import JsonValue
from layers.errors import Finding, NotFoundError
from layers.kind import Role
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.schema import Field
from layers.snapshot import Snapshot
from layers.text import Text, same

SETTING: Final = "publish.profile."
"""Setting of a project that changes a profile; the profile's name follows."""

BURIED: Final[frozenset[Role]] = frozenset({"drain-line", "drain-node", "reference"})
"""Roles that no page for everybody shows: buried pipes, and drawings with control points and grids."""

_DRAWN_ONLY: Final[frozenset[Role]] = frozenset({"annotation"})
"""Roles for the drawing: dimensions, levels, the designers' notes. A page shows them if a setting says so."""

_BROCHURE: Final[Mapping[str, tuple[str, ...]]] = {
    "boundary": ("name",),
    "road": ("name", "class", "width_m", "oneway", "state", "answers", "reason"),
    "green": ("name", "cover", "state", "answers", "reason"),
    "parking": ("use", "bays", "state", "answers", "reason"),
    "building": ("number", "name", "use", "floors", "state", "answers", "reason"),
    "barrier": ("type", "state"),
    "facility": ("name", "type", "state", "answers", "reason"),
    "tree": ("crown_m", "state"),
    "plan_element": ("name", "category", "description", "state", "answers", "reason"),
    "drainage_spot": ("code", "title", "category", "severity", "status", "answer"),
    "traffic_spot": ("code", "title", "category", "severity", "status", "answer"),
}
"""What a booklet has room for: the plan and the problems it answers; no comments, no figures of houses."""


@dataclass(frozen=True)
class Profile:
    """What may leave the project for one kind of reader.

    Parameters
    ----------
    name : str
    title : Text
    layers : mapping of str to frozenset of str
        Kind name to the names of the fields that may pass. What is not named stays
        inside, and on a page for everybody so does what its kind calls private.
    own : mapping of str to frozenset of str
        The same by layer id, as the project's setting says; counts before `layers`.
    photos : bool
        Whether photos may pass that were ticked for publication one by one.
    for_everybody : bool
        Whether anybody may see the page: then what lies buried never passes.
    findings : tuple of Finding
        What a project's own setting asked for and did not get.
    """

    name: str
    title: Text
    layers: Mapping[str, frozenset[str]]
    photos: bool = False
    for_everybody: bool = True
    own: Mapping[str, frozenset[str]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def passes(self, layer: Layer) -> bool:
        """Tell whether a layer may be published."""
        if self.for_everybody and layer.kind.role in BURIED:
            return False
        if layer.id in self.own:
            return True
        return layer.kind.name in self.layers and (layer.kind.public or not self.for_everybody)

    def fields(self, layer: Layer) -> tuple[Field, ...]:
        """Return the fields of a layer that may be published, in form order."""
        if not self.passes(layer):
            return ()
        if layer.id in self.own:
            return tuple(f for f in layer.fields if f.name in self.own[layer.id] and f.type != "photos")
        allowed, all_of_them = self.layers[layer.kind.name], not self.for_everybody
        return tuple(
            f for f in layer.fields if f.name in allowed and f.type != "photos" and (f.public or all_of_them)
        )

    def shows(self, role: Role) -> bool:
        """Tell whether the layers of a role may be published: numbers made from them follow."""
        kinds = [kind for kind in standard_kinds().values() if kind.role == role]
        return any(self.passes(Layer.of(kind)) for kind in kinds)


def _standard() -> dict[str, Profile]:
    kinds = standard_kinds().values()
    open_kinds = [kind for kind in kinds if kind.public and kind.role not in _DRAWN_ONLY]
    public = {kind.name: _names(f for f in kind.fields if f.public) for kind in open_kinds}
    brochure = {name: frozenset(fields) for name, fields in _BROCHURE.items()}
    inside = {kind.name: _names(kind.fields) for kind in kinds}
    made = (
        Profile("public", Text("公开网页", "Public page"), public, photos=True),
        Profile("brochure", Text("宣传册", "Brochure"), brochure),
        Profile("internal", Text("内部使用", "Internal"), inside, photos=True, for_everybody=False),
    )
    return {profile.name: profile for profile in made}


def profile_of(name: str, snapshot: Snapshot | None = None) -> Profile:
    """Return a profile by name, as a project has set it.

    Raises
    ------
    NotFoundError
        If there is none of that name; the known ones are listed.
    """
    known = profiles_of(snapshot)
    if name not in known:
        raise NotFoundError(
            Text("没有发布方案“{name}”。", "There is no profile “{name}”.").format(name=name),
            Text("可用：{names}", "Known: {names}").format(names=", ".join(known)),
            code="publish.profile",
        )
    return known[name]


def profiles_of(snapshot: Snapshot | None = None) -> Mapping[str, Profile]:
    """Return all profiles of a project by name: the standard ones as it has set them, then its own."""
    if snapshot is None:
        return PROFILES
    found = dict(PROFILES)
    for key, given in snapshot.settings.items():
        if key.startswith(SETTING) and isinstance(given, dict):
            name = key.removeprefix(SETTING)
            found[name] = _changed(PROFILES.get(name) or _own(name, given), given, snapshot)
    return found


def _own(name: str, given: Mapping[str, JsonValue]) -> Profile:
    """Return what a profile of the project starts from."""
    base = PROFILES.get(str(given.get("base")), PROFILES["public"])
    return replace(base, name=name, title=same(str(given.get("title") or name)))


def _changed(profile: Profile, given: dict[str, JsonValue], snapshot: Snapshot) -> Profile:
    layers, own = dict(profile.layers), {}
    refused: list[Finding] = []
    asked = given.get("layers")
    for layer_id, wish in (asked if isinstance(asked, dict) else {}).items():
        layer = snapshot.layers.get(layer_id)
        if layer is None:
            continue
        if wish is False:
            layers.pop(layer.kind.name, None)
        elif isinstance(wish, list):
            own[layer_id], missing = _allowed(layer, wish, profile)
            refused += missing
    photos = given.get("photos", profile.photos)
    return replace(profile, layers=layers, own=own, photos=photos is True, findings=tuple(refused))


def _allowed(layer: Layer, wish: list[JsonValue], profile: Profile) -> tuple[frozenset[str], list[Finding]]:
    """Return the fields that a setting may open, and a finding if it asked for what no setting opens."""
    if profile.for_everybody and layer.kind.role in BURIED:
        message = Text(
            "“{layer}”属于地下管线或测绘底图，任何设置都不能公开。",
            "“{layer}” lies buried or is a survey drawing; no setting publishes it.",
        ).format(layer=layer.title)
        return frozenset(), [Finding("publish.override", message, "warning", layer=layer.id)]
    known = {f.name for f in layer.fields}
    return frozenset(str(name) for name in wish if name in known), []


def _names(fields: Iterable[Field]) -> frozenset[str]:
    return frozenset(f.name for f in fields if f.type != "photos")


PROFILES: Final[Mapping[str, Profile]] = _standard()
"""The profiles as they are before a project changes them."""
