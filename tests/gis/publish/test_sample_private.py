"""The sample estate with a word or a number of its own in every private place, published and taken apart."""

import gzip
import json
from dataclasses import replace

import pytest

from gis.project import Project
from gis.publish.page import build_page
from gis.publish.profile import PROFILES
from gis.publish.redaction import NOTICE_SETTINGS, State, redact
from gis.revisions.compare import compare
from layers.schema import TEXT_TYPES
from layers.table import Table
from sample_data.estate import write_sample
from tests.gis.publish.decoding import payload_of

NUMBER = 7_316_549
"""A whole number that stands nowhere else; with it goes the fraction .8253."""


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / "sample.gpkg"
    write_sample(path)
    project = Project.open(path)
    try:
        return [State(r, project.state(r.label)) for r in project.revisions]
    finally:
        project.close()


def sentinel(field):
    """Return what no reader may find, of the field's own type; None if the type has room for no sentinel."""
    if field.type in TEXT_TYPES and not field.domain and field.type != "date":
        return f"哨兵{field.name}SENTINEL"
    return {"integer": NUMBER, "real": NUMBER + 0.8253, "photos": "SENTINELphoto"}.get(field.type)


def marked(state, profile):
    """Return the state with sentinels in every field that the profile does not name, and how many fields."""
    layers, fields = {}, 0
    for name, one in state.layers.items():
        allowed = {f.name for f in profile.fields(one)}
        private = {f.name: s for f in one.fields if f.name not in allowed and (s := sentinel(f)) is not None}
        fields += len(private) * bool(len(one.table))
        features = [feature.with_attributes(**private) for feature in one.table]
        layers[name] = one.with_table(Table.from_features(features, [f.name for f in one.fields]))
    shown = NOTICE_SETTINGS.values()
    settings = {key: value if key in shown else "SENTINEL" for key, value in state.settings.items()}
    kept = {key: value for key, value in state.settings.items() if key.startswith("layer.")}
    return replace(state, layers=layers, settings={**settings, **kept, "project.note": "SENTINEL"}), fields


@pytest.mark.parametrize("name", ["public", "brochure"])
def test_no_private_value_of_the_sample_is_anywhere_in_the_decoded_page(states, name):
    profile, hidden, fields = PROFILES[name], [], 0
    for state in states:
        made, fields = marked(state.snapshot, profile)
        hidden.append(State(replace(state.revision, author="SENTINEL"), made))
    pairs = [(i - 1, i, compare(hidden[i - 1].snapshot, hidden[i].snapshot)) for i in range(1, len(hidden))]
    page = build_page(redact(hidden, pairs, profile).content)
    assert fields > 40
    data = gzip.decompress(payload_of(page))
    for place in (page, data):
        for word in (b"SENTINEL", "哨兵".encode(), str(NUMBER).encode(), b".8253"):
            assert word not in place


def test_what_is_public_of_the_sample_is_on_its_page(states):
    page = build_page(redact(states, [], PROFILES["public"]).content)
    data = gzip.decompress(payload_of(page)).decode("utf-8", "replace")
    spots = states[-1].snapshot.layers["traffic_spot"].table.columns["title"]
    assert all(json.dumps(title, ensure_ascii=False) in data for title in spots)
