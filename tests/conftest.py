"""Every test must assert something, and every test file must be collected."""

from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

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


def pytest_collection_finish(session: pytest.Session) -> None:
    """Fail when a test file exists that pytest did not collect."""
    if session.config.args != [str(TESTS)] and session.config.args != ["tests"]:
        return  # a part was asked for
    collected = {item.path for item in session.items}
    missing = sorted(set(TESTS.rglob("test_*.py")) - collected)
    if missing and not session.config.option.keyword and not session.config.option.markexpr:
        names = ", ".join(str(path.relative_to(TESTS)) for path in missing)
        raise pytest.UsageError(f"not collected: {names}")
