"""Logs told by their content: recognised, unwrapped, flattened, and each of them with a golden sample."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.evidence.described import unwrapped
from sakimori.evidence.flattening import camelled, flat
from sakimori.evidence.generic import GenericJson, GenericLines
from sakimori.records.catalogue import catalogue
from sakimori.records.family import ABOUT, Family, Recognition, Wrapping
from tests.evidence.reading import read

DESCRIBED = [family for family in catalogue().families.values() if family.recognise]
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("family", DESCRIBED, ids=lambda family: family.name)
def test_a_family_says_what_it_is_and_keeps_every_record(family: Family) -> None:
    assert set(family.about) == set(ABOUT)
    rest = [log.name for log in catalogue().of_family(family.name) if not Recognition.of(log.match).fields]
    assert len(rest) == 1, "one log of a family must take what no other log of it takes"


@pytest.mark.parametrize("family", DESCRIBED, ids=lambda family: family.name)
def test_a_family_has_a_golden_sample(family: Family) -> None:
    assert any(f'"{log.name}"' in file.read_text("utf-8") for file in GOLDEN.glob("*.toml")
               for log in catalogue().of_family(family.name))  # fmt: skip


def test_nested_records_have_dotted_names_and_lists_of_named_values_names_of_their_own() -> None:
    given = {
        "a": {"b": 1, "c": ""},
        "l": [{"id": 1}, {"id": 2}],
        "P": [{"Name": "Who", "Value": "x"}],
        "n": [1, 2],
    }
    assert flat(given) == {
        "a.b": 1,
        "a.c": None,
        "l": [{"id": 1}, {"id": 2}],
        "l.id": [1, 2],
        "P": [{"Name": "Who", "Value": "x"}],
        "P.Who": "x",
        "n": [1, 2],
    }


def test_a_recognition_may_ask_for_a_beginning() -> None:
    asked = Recognition.of({"fields": ["id"], "values": {"type": ["user.*", "login"]}})
    assert asked.fits({"id": 1, "type": "user.created"})
    assert asked.fits({"id": 1, "type": "login"})
    assert not asked.fits({"id": 1, "type": "logins"})
    assert not asked.fits({"type": "login"})


def test_a_wrapping_gives_the_objects_of_several_lists_each_with_its_lists_name() -> None:
    wrapping = Wrapping(when=Recognition(), lists=("blocked", "delivered"))
    given = {
        "until": "now",
        "blocked": [{"id": 1}],
        "delivered": [{"id": 2}, {"id": 3}],
        "other": [{"id": 4}],
    }
    assert list(unwrapped(given, wrapping)) == [
        {"id": 1, "list": "blocked"},
        {"id": 2, "list": "delivered"},
        {"id": 3, "list": "delivered"},
    ]


def test_a_wrapping_renames_looks_inside_and_gives_each() -> None:
    wrapping = Wrapping(when=Recognition(), rename={"When": "time"}, inside=("Data",), each="events")
    given = {"When": "t", "Data": '{"actor": "mei", "events": [{"name": "a"}, {"name": "b"}]}'}
    assert list(unwrapped(given, wrapping)) == [
        {"time": "t", "actor": "mei", "events": {"name": "a"}},
        {"time": "t", "actor": "mei", "events": {"name": "b"}},
    ]


def test_a_nested_column_is_what_its_text_spells() -> None:
    wrapping = Wrapping(when=Recognition(), rename={"DeviceDetail": "device"}, nested=("device", "status"))
    assert list(unwrapped({"DeviceDetail": '{"id": "d1"}', "status": "0"}, wrapping)) == [
        {"device": {"id": "d1"}, "status": "0"}
    ]
    assert list(unwrapped({"DeviceDetail": "{broken"}, wrapping)) == [{"device": "{broken"}]


def test_text_inside_that_is_no_json_stays_as_it_is() -> None:
    wrapping = Wrapping(when=Recognition(), inside=("Data",))
    given = {"When": "t", "Data": "{broken"}
    assert list(unwrapped(given, wrapping)) == [given]


def test_a_line_that_wraps_records_is_a_document() -> None:
    data = b'{"Records": [{"eventType": "a", "published": "x", "outcome": {"result": "SUCCESS"}}]}\n'
    assert not GenericLines().claims(data)
    assert GenericJson().claims(data)
    rows, unread = read(GenericJson(), data)
    assert ([row["log"] for row in rows], unread) == (["okta_event"], [])


def test_a_record_with_a_list_of_events_is_no_wrapper() -> None:
    data = b'{"id": {"time": "x"}, "actor": {"email": "mei@example.com"}, "events": [{"name": "x"}]}'
    assert GenericLines().claims(data)


def test_names_with_a_capital_are_written_as_interfaces_write_them() -> None:
    given = {"IPAddress": "x", "Id": 1, "OSVersion": 3, "Status": {"ErrorCode": 0}, "L": [{"UserId": 1}]}
    assert camelled(given | {"plain": 4, "": 5, "V2": 6, "SID": 7}) == {
        "ipAddress": "x", "id": 1, "osVersion": 3, "status": {"errorCode": 0}, "l": [{"userId": 1}],
        "plain": 4, "": 5, "v2": 6, "sid": 7,
    }  # fmt: skip


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
SHAPES = [
    recognition
    for family in DESCRIBED
    for recognition in (*family.recognise, *(wrapping.when for wrapping in family.wrappings))
]

LISTS = {name for family in DESCRIBED for wrapping in family.wrappings for name in wrapping.lists}


@settings(max_examples=60)
@given(shape=st.sampled_from(SHAPES), data=st.data())
def test_what_looks_like_a_record_is_read_whatever_its_fields_hold(
    shape: Recognition, data: st.DataObject
) -> None:
    known = {name: st.sampled_from(sorted(values)) for name, values in shape.values.items() if values}
    fields = {name: data.draw(known.get(name, JSON) | JSON) for name in sorted(shape.fields)}
    rows, unread = read(GenericLines(), orjson.dumps(fields) + b"\n")
    assert unread == []
    # An answer whose lists are all empty holds no record.
    assert rows or set(fields) & LISTS
