"""Every test must assert something, and every test file must be collected."""

from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import cast

import pytest

TESTS = Path(__file__).parent

pytest.register_assert_rewrite("tests.engine.life")  # its assertions count as those of a test

_asserted: Counter[str] = Counter()


def pytest_assertion_pass(item: pytest.Item) -> None:
    """Count the assertions that ran in each test."""
    _asserted[item.nodeid] += 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a test that passed without one assertion (`pytest.raises` counts as one)."""
    yield
    code = getattr(getattr(item, "obj", None), "__code__", None)
    expects_error = code is not None and "raises" in code.co_names
    if not _asserted[item.nodeid] and not expects_error:
        pytest.fail("this test asserted nothing", pytrace=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests on the engine, the longest: none is to run when all others are done."""
    items.sort(key=lambda item: TESTS / "engine" not in item.path.parents)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Fail when a test file exists that pytest did not collect."""
    config = session.config
    (root, *more) = [Path(config.rootpath, argument) for argument in config.args]
    if (
        more
        or root not in (TESTS, TESTS / "stacks", TESTS / "e2e")
        or config.option.keyword
        or config.option.markexpr
    ):
        return  # a part was asked for
    given = cast("list[str] | None", config.getoption("ignore"))
    ignored = [Path(config.rootpath, path) for path in given or []]
    collected = {item.path for item in session.items}
    missing = [
        str(path.relative_to(TESTS))
        for path in sorted(set(root.rglob("test_*.py")) - collected)
        if not any(path.is_relative_to(each) for each in ignored)
    ]
    if missing:
        raise pytest.UsageError(f"not collected: {', '.join(missing)}")
