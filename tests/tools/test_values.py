"""Values: fields in order, defaults, comparison, patterns, and no change."""

from __future__ import annotations

import copy

import pytest

from dsvault.values import Value


class Place(Value):
    """A place."""

    x: int
    y: int = 0


class Named(Place):
    """A place with a name."""

    name: str = ""


def test_fields_are_given_in_order_or_by_name_and_have_defaults() -> None:
    assert (Place(1).x, Place(1).y) == (1, 0)
    assert Place(1, 2) == Place(y=2, x=1)
    assert Named(1, 2, "home").name == "home"
    assert repr(Named(1, name="home")) == "Named(x=1, y=0, name='home')"


@pytest.mark.parametrize(
    "fields", [((), {}), ((1, 2, 3), {}), ((1,), {"x": 1}), ((1,), {"z": 1}), ((), {"y": 1})]
)
def test_fields_that_are_missing_unknown_or_given_twice_are_refused(
    fields: tuple[tuple[int, ...], dict[str, int]],
) -> None:
    positional, named = fields
    with pytest.raises(TypeError, match="Place"):
        Place(*positional, **named)


def test_values_are_compared_by_their_class_and_fields() -> None:
    assert Place(1, 2) == Place(1, 2) != Place(1, 3)
    assert Place(1, 2) != Named(1, 2)
    assert Place(1, 2) != (1, 2)
    assert {Place(1, 2), Place(1, 2), Place(2, 1)} == {Place(2, 1), Place(1, 2)}


def test_a_pattern_takes_fields_by_position_and_by_name() -> None:
    match Named(1, 2, "home"):
        case Named(1, y=found, name="home"):
            assert found == 2
        case _:
            pytest.fail("no pattern matched")


def test_fields_are_not_set_again_but_a_value_with_others_can_be_made() -> None:
    here = Named(1, 2, "home")
    with pytest.raises(AttributeError, match="cannot be set"):
        here.x = 3  # type: ignore[misc]
    assert here.but(x=3) == Named(3, 2, "home")
    assert here == Named(1, 2, "home")
    with pytest.raises(TypeError):
        here.but(z=1)


def test_copies_are_equal() -> None:
    here = Named(1, 2, "home")
    assert copy.deepcopy(here) == copy.copy(here) == here
