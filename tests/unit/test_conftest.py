"""The rules that tests/conftest.py puts on every test."""

import shutil
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parent.parent / "conftest.py"

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ("assert 1 + 1 == 2", True),
        ("1 + 1", False),
        ("for x in []:\n        assert x", False),
        ("with pytest.raises(ValueError):\n        int('x')", True),
    ],
)
def test_a_test_that_asserts_nothing_fails(pytester: pytest.Pytester, body: str, *, passes: bool):
    shutil.copy(CONFTEST, pytester.path / "conftest.py")
    pytester.makeini("[pytest]\nenable_assertion_pass_hook = true")
    pytester.makepyfile(f"import pytest\n\ndef test_it():\n    {body}\n")
    outcome = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    outcome.assert_outcomes(passed=int(passes), failed=int(not passes))
    said = "this test asserted nothing" in outcome.stdout.str()
    assert said is not passes


def test_a_test_file_that_is_not_collected_fails_the_run(pytester: pytest.Pytester):
    tests = pytester.mkdir("tests")
    shutil.copy(CONFTEST, tests / "conftest.py")
    pytester.makeini("[pytest]\nenable_assertion_pass_hook = true\ntestpaths = tests")
    (tests / "test_one.py").write_text("def test_it():\n    assert True\n")
    (tests / "test_two.py").write_text("collected = False\n")
    outcome = pytester.runpytest_subprocess("-p", "no:cacheprovider", "tests")
    assert outcome.ret != 0
    outcome.stderr.fnmatch_lines(["*not collected: test_two.py*"])


def test_a_folder_that_is_left_out_is_not_missed(pytester: pytest.Pytester):
    tests = pytester.mkdir("tests")
    (tests / "stacks").mkdir()
    shutil.copy(CONFTEST, tests / "conftest.py")
    pytester.makeini("[pytest]\nenable_assertion_pass_hook = true\ntestpaths = tests")
    (tests / "test_one.py").write_text("def test_it():\n    assert True\n")
    (tests / "stacks" / "test_two.py").write_text("collected = False\n")
    options = ("-p", "no:cacheprovider")
    assert pytester.runpytest_subprocess(*options, "--ignore", "tests/stacks").ret == 0
    assert pytester.runpytest_subprocess(*options).ret != 0
    assert pytester.runpytest_subprocess(*options, "tests/stacks").ret != 0
