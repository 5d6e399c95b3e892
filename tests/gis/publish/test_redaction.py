import gzip
import json
from dataclasses import replace

import pytest

from gis.publish.page import build_page
from gis.publish.page.payload import encode
from gis.publish.profile import profile_of
from layers.errors import NotFoundError, PublishError
from layers.feature import Feature, new_uid
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.table import Table
from tests.gis.publish.decoding import everything_in, layers_of, payload_of
from tests.gis.publish.plans import ORIGIN, box, content, layer, point, redacted, revision, second, snapshot

SENTINEL = "哨兵SENTINEL"


def private_sentinels(state):
    """Put a word into every field and every layer that the public profile must keep back."""
    layers = {}
    for name, one in state.layers.items():
        private = [
            f
            for f in one.fields
            if not (f.public and one.kind.public) and f.type in ("text", "long_text", "photos")
        ]
        features = [
            feature.with_attributes(**{f.name: f"{SENTINEL}-{name}-{f.name}" for f in private})
            for feature in one.table
        ]
        layers[name] = one.with_table(Table.from_features(features, [f.name for f in one.fields]))
    return replace(
        state, layers=layers, settings={**state.settings, "project.note": SENTINEL, "photos.path": SENTINEL}
    )


def test_no_private_value_is_anywhere_in_the_file():
    revisions = [revision("R1", author=SENTINEL), revision("R2", author=SENTINEL)]
    result = redacted(private_sentinels(snapshot()), private_sentinels(second()), revisions=revisions)
    page = build_page(result.content)
    assert SENTINEL not in everything_in(page)
    assert "SENTINEL" not in everything_in(page)
    assert "门口积水" in everything_in(page), "the words that are public are looked for in the same way"


def test_every_private_field_that_is_filled_is_reported():
    result = redacted(private_sentinels(snapshot()))
    told = {(f.layer, f.field) for f in result.removed if f.code == "publish.field"}
    kinds = {n: standard_kinds()[n] for n in ("building", "drainage_spot", "traffic_spot")}
    expected = {
        (n, f.name)
        for n, k in kinds.items()
        for f in k.fields
        if not f.public and f.type in ("text", "long_text", "photos")
    }
    assert expected <= told


def test_a_layer_that_is_not_public_is_reported_and_absent():
    result = redacted(snapshot())
    assert "pipe" not in {one.id for one in result.content.layers}
    assert [f.layer for f in result.removed if f.code == "publish.layer"] == ["pipe"]


def test_feature_ids_stay_inside():
    ids = [new_uid() for _ in range(3)]
    state = snapshot(building=[(uid, box(0, 0, 9, 9), {"number": "1"}) for uid in ids])
    packed = gzip.decompress(encode(content(state, replace(state, revision="R2")))).decode("utf-8", "replace")
    assert not any(uid in packed or uid[:12] in packed for uid in ids)


def test_absolute_coordinates_stay_inside():
    header = layers_of(encode(content()))
    largest = max(abs(v) for one in header["layers"] for shape in one["shapes"] for p in shape[3] for v in p)
    assert largest < 1_000_00
    assert not {"616000", "4078000", "EPSG"} & set(json.dumps(header).replace('"', " ").split())


def test_the_zero_does_not_depend_on_what_is_private():
    far = {"pipe": [("pipe", box(-500, -500, -400, -400).exterior, {})]}
    assert content(snapshot(**far)).layers[0].shapes[0].key == content(snapshot()).layers[0].shapes[0].key


def test_personal_data_in_public_text_is_masked_and_reported():
    spot = ("d1", point(60, 65), {"code": "D01", "title": "3号楼2单元501室王某13812345678"})
    result = redacted(snapshot(drainage_spot=[spot]))
    found = [f for f in result.removed if f.code == "publish.masked"]
    assert [(f.layer, f.uid, f.field) for f in found] == [("drainage_spot", "d1", "title")]
    assert "13812345678" not in found[0].message.zh
    page = build_page(result.content)
    assert b"13812345678" not in gzip.decompress(payload_of(page)) + page
    assert "3号楼2单元" in everything_in(page)
    assert "2单元501" not in everything_in(page)


@pytest.mark.parametrize(
    ("field", "value"),
    [("use", "找王五 13805331234"), ("floors", "找王五 13805331234"), ("year", "13805331234起")],
)
def test_words_that_another_program_wrote_into_a_code_or_a_number_are_masked_too(field, value):
    """A database column takes whatever is put into it."""
    found = redacted(snapshot(building=[("b", box(0, 0, 9, 9), {"number": "1", field: value})]))
    assert b"13805331234" not in gzip.decompress(encode(found.content))
    assert [f.field for f in found.removed if f.code == "publish.masked"] == [field]


def test_words_in_a_date_are_masked_and_a_date_is_not():
    days = {"a": "2019-07-29", "b": "7月29日，问13805331234"}
    spots = [(uid, point(5, 5), {"code": uid, "rain_date": day}) for uid, day in days.items()]
    found = redacted(snapshot(drainage_spot=spots))
    (layer,) = (one for one in found.content.layers if one.id == "drainage_spot")
    assert layer.columns["rain_date"] == ("2019-07-29", "7月29日，问138****1234")


def test_titles_and_notes_of_revisions_are_scanned_too():
    named = revision("R1", title="意见请打13812345678", note="王某 370305199001011234")
    result = redacted(replace(snapshot(), title="试验小区 0533-7654321"), revisions=[named])
    text = gzip.decompress(encode(result.content)).decode("utf-8", "replace")
    assert not any(secret in text for secret in ("13812345678", "370305199001011234", "7654321"))


def test_what_was_entered_for_publication_is_not_masked():
    state = snapshot(settings={"publish.contact": "社区 0533-7654321", "publish.comment_until": "2020-07-17"})
    notice = content(state).notice
    assert notice.contact.zh == "社区 0533-7654321"
    assert notice.comment_until == "2020-07-17"


def test_a_cloud_of_private_changes_keeps_its_number_and_loses_its_shape():
    groups = {g.label: g for g in content().comparisons[0].groups}
    hidden = next(g for g in groups.values() if "D01" in g.answers)
    assert (len(hidden.cloud.xy), hidden.changes, hidden.withheld) == (0, (), 1)
    assert all(
        v % 1000 == 0 for v in (hidden.box[0] + int(ORIGIN[0]) * 100, hidden.box[2] + int(ORIGIN[0]) * 100)
    )
    assert sorted(g.number for g in groups.values()) == list(range(1, len(groups) + 1))


def test_a_change_of_a_private_field_alone_is_no_change():
    def noted(label, note):
        number = {"number": "12", "floors": 6, "note": note}
        return snapshot(label, building=[("b12", box(20, 70, 70, 82), number)])

    assert content(noted("R1", "旧的"), noted("R2", "新的")).comparisons[0].groups == ()


def test_a_rule_that_asks_for_a_private_field_does_not_show():
    kind = replace(
        standard_kinds()["building"],
        fields=tuple(
            replace(f, public=False) if f.name == "use" else f for f in standard_kinds()["building"].fields
        ),
    )
    state = snapshot()
    hidden = Layer.of(kind, state.layers["building"].table)
    result = redacted(replace(state, layers={**state.layers, "building": hidden}))
    building = next(one for one in layers_of(encode(result.content))["layers"] if one["id"] == "building")
    assert {look[0] for look in building["looks"]} == {len(kind.style.rules) - 1}


def test_reasons_are_the_public_titles_of_the_answered_spots():
    groups = content().comparisons[0].groups
    assert {(g.answers, tuple(r.zh for r in g.reasons)) for g in groups if g.answers} == {
        (("D01",), ("门口积水",)),
        (("T03",), ("接送拥堵",)),
    }


def test_the_title_of_a_change_is_as_clean_as_the_fields():
    def element(name):
        return ("e", box(30, 40, 36, 45), {"name": name, "state": "new"})

    result = redacted(snapshot(), second(plan_element=[element("王某13812345678的花坛")]))
    titles = [g.title.zh for g in result.content.comparisons[0].groups]
    assert any("138****5678的花坛" in title for title in titles)
    assert not any("13812345678" in title for title in titles)


def test_a_name_with_braces_stays_as_it_is_in_the_title_of_a_change():
    element = ("e", box(30, 40, 36, 45), {"name": "%s{0}{name}", "state": "new"})
    titles = [g.title.zh for g in content(snapshot(), second(plan_element=[element])).comparisons[0].groups]
    assert any("%s{0}{name}" in title for title in titles)


def test_a_name_that_is_not_public_does_not_come_back_in_the_title_of_a_change():
    public = standard_kinds()["plan_element"]
    kind = replace(
        public, fields=tuple(replace(f, public=False) if f.name == "name" else f for f in public.fields)
    )
    names = [f.name for f in kind.fields]
    named = Feature("e", box(30, 40, 36, 45), {"name": SENTINEL, "state": "new"})
    after = second()
    after = replace(
        after, layers={**after.layers, "plan_element": Layer.of(kind, Table.from_features([named], names))}
    )
    result = redacted(snapshot(), after)
    assert SENTINEL not in gzip.decompress(encode(result.content)).decode("utf-8", "replace")
    assert any("方案要素" in g.title.zh for g in result.content.comparisons[0].groups)


def test_an_answer_that_is_no_code_of_a_public_spot_is_left_out():
    bay = ("p1", box(30, 40, 36, 45), {"state": "new", "answers": "T03,13812345678"})
    answers = [g.answers for g in content(snapshot(), second(parking=[bay])).comparisons[0].groups]
    assert ("T03",) in answers
    assert not any("13812345678" in codes for codes in answers)


def test_a_plan_without_anything_public_is_refused():
    bare = snapshot()
    bare = replace(bare, layers={"pipe": layer("pipe", ("p", box(0, 0, 1, 1).exterior, {}))})
    with pytest.raises(PublishError):
        content(bare)


def test_an_unknown_profile_names_the_known_ones():
    with pytest.raises(NotFoundError) as caught:
        profile_of("everything")
    assert "public" in caught.value.advice.en


def test_bytes_in_a_column_of_words_are_left_out_and_told():
    spot = ("d1", point(60, 65), {"code": "D01", "title": b"\x00\xffA", "answer": b"SENTINEL"})
    result = redacted(snapshot(drainage_spot=[spot]))
    page = build_page(result.content)
    assert b"SENTINEL" not in gzip.decompress(payload_of(page))
    assert [f.field for f in result.removed if f.code == "publish.unreadable"] == ["title", "answer"]


@pytest.mark.parametrize(
    ("households", "told"), [(0, 0), (1, None), (9, None), (10, 10), (30, 30), ("5户，王家", None)]
)
def test_a_count_of_few_households_stays_inside(households, told):
    house = ("b12", box(20, 70, 70, 82), {"number": "12", "households": households})
    result = redacted(snapshot(building=[house]))
    (building,) = [one for one in result.content.layers if one.id == "building"]
    assert building.columns["households"] == (told,)
    assert ("publish.few" in {f.code for f in result.removed}) == (told is None)


def test_levels_dimensions_and_designers_notes_stay_inside_unless_a_setting_opens_them():
    note = layer(
        "note", ("n1", point(5, 5), {"text": "拟接通(未公示)"}), ("n2", point(9, 9), {"type": "level"})
    )
    state = snapshot()
    state = replace(state, layers={**state.layers, "note": note})
    assert "note" not in {one.id for one in redacted(state).content.layers}
    opened = profile_of("public", replace(state, settings={OPENED: {"layers": {"note": ["text"]}}}))
    assert opened.passes(note)


OPENED = "publish.profile.public"


def test_an_english_title_calls_a_plan_element_by_its_sort_where_its_name_is_chinese():
    name = {"name": "消防通道 禁止停车", "category": "traffic", "state": "new"}
    after = snapshot("R2")
    after = replace(
        after, layers={**after.layers, "plan_element": layer("plan_element", ("e", box(1, 1, 9, 9), name))}
    )
    (group,) = content(snapshot(), after).comparisons[0].groups
    assert group.title.zh == "新建消防通道 禁止停车 1"
    assert group.title.en == "New plan element (traffic)"
