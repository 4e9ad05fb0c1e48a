"""Every test must assert something, and every test file must be collected."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

_asserted: Counter[str] = Counter()
_raises = pytest.raises
_current: list[str] = []


def pytest_assertion_pass(item: pytest.Item) -> None:
    """Count the assertions that ran in each test."""
    _asserted[item.nodeid] += 1


@pytest.fixture(autouse=True)
def _asserts_something(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that passed without one assertion (`pytest.raises` counts as one)."""
    node: pytest.Item = request.node
    expected = getattr(node, "obj", None)
    expects_error = expected is not None and "raises" in expected.__code__.co_names
    yield
    if not _asserted[node.nodeid] and not expects_error:
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
