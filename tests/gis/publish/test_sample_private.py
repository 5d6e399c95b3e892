"""The sample estate with a word or a number of its own in every private place, published and taken apart."""

import json
import re
from dataclasses import replace

import pytest

from gis.project import Project
from gis.publish.page import build_page
from gis.publish.profile import PROFILES
from gis.publish.redaction import NOTICE_SETTINGS, State, redact
from gis.publish.review import review_of
from gis.revisions.compare import compare
from layers.schema import TEXT_TYPES
from layers.table import Table
from sample_data.estate import write_sample
from tests.gis.publish.decoding import everything_in, layers_of, payload_of

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
    for word in ("SENTINEL", "哨兵", str(NUMBER), ".8253"):
        assert word not in everything_in(page)


def test_what_is_public_of_the_sample_is_on_its_page(states):
    page = build_page(redact(states, [], PROFILES["public"]).content)
    data = everything_in(page)
    spots = states[-1].snapshot.layers["traffic_spot"].table.columns["title"]
    assert all(json.dumps(title, ensure_ascii=False) in data for title in spots)


_PROGRAMS_OWN = re.compile(
    r"^/(words|marks|streams)|^/layers/name|/(parts|quantities|hide_when)\b|/(id|role|type|unit|color|placement|sign)$|/changes"
)
"""Where the page holds words of the program, symbols, or codes: nobody's data."""


def strings(data, place=""):
    """Yield (where, text) for every text in the decoded head of a page."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from strings(value, f"{place}/{key}")
    elif isinstance(data, list):
        for value in data:
            yield from strings(value, place)
    elif isinstance(data, str) and data:
        yield place, data


def reviewed_words(review):
    """Return all that the review tells, as one text."""
    told = [word for pair in review.changes for word in pair]
    told += [word for title, words in review.texts for word in (title.zh, words)]
    for layer in (one for one in review.layers if one.public):
        told += [layer.title.zh, layer.title.en]
        for field in (one for one in layer.fields if one.public):
            told += [field.title.zh, field.title.en]
            for value in review.values(layer.id, field.name):
                told += [value.words.zh, value.words.en]
    return "\n".join(told)


@pytest.mark.parametrize("name", ["public", "brochure", "internal"])
def test_every_word_of_the_page_was_told_in_its_review(states, name):
    """With a text of its own in every field of every feature, public or private, of all revisions."""
    profile, shown = PROFILES[name], []
    for number, state in enumerate(states):
        layers = {}
        for layer_id, one in state.snapshot.layers.items():
            fields = [f for f in one.fields if f.type in TEXT_TYPES and f.type != "date" and f.name != "code"]
            texts = [f.name for f in fields if not f.domain]
            features = [
                f.with_attributes(**{t: f"词{layer_id}.{t}.{number}.{i % 3}" for t in texts})
                for i, f in enumerate(one.table)
            ]
            layers[layer_id] = one.with_table(Table.from_features(features, [f.name for f in one.fields]))
        shown.append(State(state.revision, replace(state.snapshot, layers=layers)))
    pairs = [(i - 1, i, compare(shown[i - 1].snapshot, shown[i].snapshot)) for i in range(1, len(shown))]
    result = redact(shown, pairs, profile)
    told = reviewed_words(review_of(result.content, result.removed, shown[-1].snapshot, profile))
    head = layers_of(payload_of(build_page(result.content)))
    groups = {
        half for layer in shown[-1].snapshot.layers.values() for half in (layer.group.zh, layer.group.en)
    }
    legend = {
        half
        for layer in shown[-1].snapshot.layers.values()
        for rule in (*layer.kind.style.rules, *layer.kind.style.overlays)
        for half in (rule.title.zh, rule.title.en)
    }
    labels = {
        w
        for layer in shown[-1].snapshot.layers.values()
        for a in layer.kind.style.labels
        for w in (*re.split(r"\{\w+\}", a.template), *(str(value) for _, value in a.hide_when))
    }
    found = [(p, w) for p, w in strings(head) if not _PROGRAMS_OWN.search(p)]
    assert sum("词" in words for _, words in found) > 20
    untold = [(p, w) for p, w in found if w not in told and w not in groups | legend | labels and w.strip()]
    assert untold == []
