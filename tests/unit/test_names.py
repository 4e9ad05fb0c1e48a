"""Physical names within limits, whatever a component is called."""

import pytest

from components._base.errors import InvalidInput
from components._base.names import LONGEST, check_name, short_name


@pytest.mark.parametrize("name", ["a", "cache", "cache-2", "a" * LONGEST, "a-b-c-1"])
def test_a_good_name_passes(name: str):
    assert check_name(name, "Cache") is None


@pytest.mark.parametrize(
    "name", ["", "Cache", "2cache", "-cache", "cache-", "a--b", "a_b", "a" * (LONGEST + 1)]
)
def test_a_name_of_which_no_physical_one_can_be_made_is_refused(name: str):
    with pytest.raises(InvalidInput) as error:
        check_name(name, "Cache 'x'")
    (problem,) = error.value.problems
    assert problem.path == "name"
    assert problem.reason == (
        f"{name!r} is not valid: small letters, digits and single hyphens, a letter first, "
        "at most 40"
    )


def test_a_short_name_is_itself_and_a_long_one_is_shortened_and_stays_its_own():
    assert short_name("cache", 28) == "cache"
    first, second = (short_name("a" * 38 + end, 28) for end in "xy")
    assert len(first) == len(second) == 28
    assert first != second
    assert short_name("a" * 38 + "x", 28) == first


def test_a_shortened_name_has_no_two_hyphens_in_a_row():
    assert "--" not in short_name("abcdefghijklmnopqr-stuvwxyz-0123456789", 28)
