from dataclasses import replace

import pytest

from gis.publish.profile import BURIED, PROFILES, profile_of, profiles_of
from gis.publish.redaction import State, redact
from gis.revisions.compare import compare
from layers.errors import NotFoundError
from layers.kinds import standard_kinds
from layers.layer import Layer
from tests.gis.publish.plans import revision, second, snapshot

KINDS = tuple(standard_kinds().values())


def published(name, settings=None, *states):
    states = states or (snapshot(), second())
    states = [replace(s, settings={**s.settings, **(settings or {})}) for s in states]
    pairs = [(0, 1, compare(*states))] if len(states) == 2 else []
    return redact([State(revision(s.revision), s) for s in states], pairs, profile_of(name, states[-1]))


@pytest.mark.parametrize("name", ["public", "brochure"])
def test_a_page_for_everybody_never_shows_what_lies_buried(name):
    buried = [Layer.of(kind) for kind in KINDS if kind.role in BURIED]
    assert len(buried) >= 3
    asked = {f"publish.profile.{name}": {"layers": {one.id: ["note", "diameter_mm"] for one in buried}}}
    profile = profile_of(name, replace(snapshot(), settings=asked))
    assert not any(profile.passes(one) or profile.fields(one) for one in buried)
    result = published(name, asked)
    assert "pipe" not in {one.id for one in result.content.layers}
    assert [f.layer for f in result.removed if f.code == "publish.override"] == ["pipe"]


def test_lengths_of_pipes_leave_public_pages_and_inlets_stay():
    titles = {
        name: {q.title.zh for q in published(name).content.comparisons[0].quantities} for name in PROFILES
    }
    assert not any("管" in title for name in ("public", "brochure") for title in titles[name])
    assert any("DN600" in title for title in titles["internal"])
    assert "publish.quantity" in {f.code for f in published("public").removed}


@pytest.mark.parametrize("name", ["public", "brochure"])
def test_lists_for_everybody_name_only_public_fields_that_exist(name):
    for kind_name, fields in PROFILES[name].layers.items():
        kind = standard_kinds()[kind_name]
        assert kind.public
        assert fields <= {f.name for f in kind.fields if f.public}


def test_the_internal_profile_shows_every_layer_and_field():
    profile = PROFILES["internal"]
    for kind in KINDS:
        shown = {f.name for f in profile.fields(Layer.of(kind))}
        assert shown == {f.name for f in kind.fields if f.type != "photos"}


def test_even_inside_personal_data_is_masked():
    text = {"publish.names": ["王建国"]}
    result = published("internal", text)
    assert "井盖钥匙在老王家" in {
        v for one in result.content.layers for column in one.columns.values() for v in column
    }
    assert profile_of("internal").photos


def test_a_project_says_what_its_pages_show():
    wish = {"layers": {"building": ["number", "note", "nothing"], "traffic_spot": False, "road": True}}
    content = published("public", {"publish.profile.public": wish}).content
    layers = {one.id: one for one in content.layers}
    assert set(layers["building"].columns) == {"number", "note"}
    assert "traffic_spot" not in layers
    assert "name" in layers["road"].columns


@pytest.mark.parametrize("nonsense", [3, "all", [], {"layers": ["building"]}, {"layers": {"nowhere": ["a"]}}])
def test_a_setting_that_makes_no_sense_opens_nothing(nonsense):
    settings = {"publish.profile.public": nonsense}
    assert (
        published("public", settings).content.layers[2].columns
        == published("public").content.layers[2].columns
    )


def test_the_brochure_leaves_comments_and_households_out():
    content = published("brochure", None, snapshot(comment=[("c", None, {"gist": "意见"})])).content
    layers = {one.id: set(one.columns) for one in content.layers}
    assert "comment" not in layers
    assert "households" not in layers["building"]


def test_a_project_has_profiles_of_its_own_that_start_from_a_standard_one():
    given = {"title": "居委会张贴", "base": "brochure", "layers": {"building": ["number"]}}
    state = replace(snapshot(), settings={"publish.profile.own-1": given})
    own = profile_of("own-1", state)
    assert own.title.zh == "居委会张贴"
    assert [f.name for f in own.fields(state.layers["building"])] == ["number"]
    assert own.for_everybody
    assert list(profiles_of(state)) == [*PROFILES, "own-1"]
    with pytest.raises(NotFoundError):
        profile_of("own-1", snapshot())


def test_a_profile_of_a_project_cannot_open_what_lies_buried():
    state = replace(snapshot(), settings={"publish.profile.own-1": {"layers": {"pipe": ["note"]}}})
    assert not profile_of("own-1", state).passes(state.layers["pipe"])
