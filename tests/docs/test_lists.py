"""Lists of CommonMark, as MkDocs takes them."""

import pytest

from scripts.docs.lists import indented

CASES = {
    "no list": ("text\n\n    code\n", "text\n\n    code\n"),
    "a paragraph of an entry": (
        "1. one\n\n   more\n2. two",
        "1. one\n\n    more\n\n2. two",
    ),
    "code of an entry": ("- one\n\n      code\n\n- two", "- one\n\n        code\n\n- two"),
    "an entry over two lines": ("- one\n  more\n- two", "- one\n    more\n- two"),
    "lists in lists": ("- one\n  - two\n    - three", "- one\n    - two\n        - three"),
    "after text": ("text:\n- one\n- two", "text:\n\n- one\n- two"),
    "four already": (
        "1. one\n\n    ```\n    x\n    ```\n",
        "1. one\n\n     ```\n     x\n     ```\n",
    ),
    "a number of two digits": ("10. ten\n\n    more", "10. ten\n\n    more"),
    "no list, in code": ("```\n- one\n  - two\n```", "```\n- one\n  - two\n```"),
}


@pytest.mark.parametrize(("given", "wanted"), CASES.values(), ids=CASES)
def test_what_belongs_to_an_entry_is_indented_by_four(given: str, wanted: str):
    assert indented(given) == wanted
