from gis.publish.numbering import feature_numbered, first_numbers, number_of
from layers.revision import FIRST_OBJECT
from tests.gis.publish.plans import BASE, box, point, snapshot


def test_every_object_has_a_number_of_its_own_that_leads_back_to_it():
    state = snapshot()
    keys = [(kind, uid) for kind, features in BASE.items() for uid, _, _ in features]
    numbers = {number_of(state, key): key for key in keys}
    assert sorted(numbers) == list(range(FIRST_OBJECT, FIRST_OBJECT + len(keys)))
    assert all(feature_numbered(state, number) == key for number, key in numbers.items())


def test_numbers_go_from_north_to_south_and_west_to_east():
    houses = [
        (uid, box(x, y, x + 9, y + 9), {}) for uid, x, y in (("c", 50, 0), ("b", 90, 50), ("a", 10, 50))
    ]
    state = snapshot(building=houses)
    numbers = [number_of(state, ("building", uid)) for uid in "abc"]
    assert numbers == list(range(numbers[0], numbers[0] + 3))


def test_private_layers_are_counted_last():
    few, many = snapshot(), snapshot(pipe=[(f"p{i}", point(i, 0), {}) for i in range(50)])
    public = [name for name in BASE if name != "pipe"]
    assert [first_numbers(few)[n] for n in public] == [first_numbers(many)[n] for n in public]


def test_what_has_no_place_has_a_number_too():
    state = snapshot(comment=[("c1", None, {"code": "Y01"}), ("c2", point(1, 1), {"code": "Y02"})])
    assert number_of(state, ("comment", "c1")) == number_of(state, ("comment", "c2")) + 1


def test_a_number_or_an_object_that_is_not_there_is_nothing():
    assert feature_numbered(snapshot(), 7) is None
    assert feature_numbered(snapshot(), 99_999) is None
    assert number_of(snapshot(), ("building", "x")) is None
    assert number_of(snapshot(), ("nowhere", "b12")) is None
