from gis.publish.profile import PROFILES
from gis.publish.review import review_of
from tests.gis.publish.plans import point, redacted, snapshot

STATE = snapshot(
    drainage_spot=[
        (
            "d1",
            point(60, 65),
            {"code": "D01", "title": "积水 13812345678", "severity": 4, "description": "私下说"},
        ),
        ("d2", point(70, 65), {"code": "D02", "title": "积水", "severity": 2}),
    ]
)


def reviewed():
    result = redacted(STATE)
    return review_of(result.content, result.removed, STATE, PROFILES["public"])


def test_a_review_shows_each_public_field_with_samples_as_the_page_has_them():
    spots = next(one for one in reviewed().layers if one.id == "drainage_spot")
    fields = {f.name: f for f in spots.fields}
    assert (spots.public, spots.count) == (True, 2)
    assert [s.zh for s in fields["title"].samples] == ["积水 138****5678", "积水"]
    assert fields["title"].masked == 1
    assert [s.en for s in fields["category"].samples] == ["Ponding"]


def test_a_review_names_what_stays_inside_without_showing_it():
    found = reviewed()
    spots = next(one for one in found.layers if one.id == "drainage_spot")
    description = next(f for f in spots.fields if f.name == "description")
    assert (description.public, description.filled, description.samples) == (False, 1, ())
    pipes = next(one for one in found.layers if one.id == "pipe")
    assert not pipes.public
    assert not any(f.public for f in pipes.fields)
    assert "私下说" not in str(found)
    assert "13812345678" not in str(found)


def test_a_review_lists_every_layer_public_ones_first():
    layers = reviewed().layers
    assert {one.id for one in layers} == {n for n, one in STATE.layers.items() if len(one.table)}
    assert [one.public for one in layers] == sorted((one.public for one in layers), reverse=True)


def test_a_review_is_of_the_very_content_that_is_published():
    result = redacted(STATE)
    assert review_of(result.content, result.removed, STATE, PROFILES["public"]).content is result.content
