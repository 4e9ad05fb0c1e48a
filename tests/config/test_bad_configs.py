"""Every wrong configuration ends in one error that names key, value and what is allowed."""

import json
from collections.abc import Mapping

import pulumi
import pytest

from components._base.errors import InvalidInput
from stacks import current_settings, load_settings
from tests.config.bad_configs import CASES, ENVIRONMENT, GOOD, SECRETS, Case
from tests.harness import build


def problems(config: Mapping[str, object], decrypted: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        load_settings(config, "test", decrypted)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_message_says_what_is_wrong_and_what_is_allowed(case: Case):
    assert problems({**GOOD, **case.change}) == [case.problem]


def test_it_is_an_error_that_pulumi_shows_without_a_traceback():
    with pytest.raises(pulumi.RunError) as caught:
        load_settings({**GOOD, "platform:protect": 7}, "stack 'x'")
    assert str(caught.value) == (
        "stack 'x': 1 problem\n  platform:protect: 7 is not valid: true or false is needed"
    )


def test_all_problems_are_reported_at_once():
    found = problems(
        {
            "platform:network": {"cidr": 5, "nat": "x"},
            "platform:tgs": {},
            "aws:secretKey": "hunter2",
        }
    )
    assert [problem.split(": ")[0] for problem in found] == [
        "platform:tgs",
        "aws:secretKey",
        "aws:region",
        "platform:tags",
        "platform:network.cidr",
        "platform:network.nat",
    ]


@pytest.mark.parametrize("case", SECRETS[:-1], ids=lambda case: case.name)
def test_no_message_shows_the_secret(case: Case):
    shown = " ".join(problems({**GOOD, **case.change}))
    assert not any(s in shown for s in ("hunter2", "123456", "AKIAIOSFODNN7EXAMPLE", "BEGIN RSA"))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("secretArn", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x"),
        ("dbPassword", "arn:aws:ssm:eu-west-1:123456789012:parameter/db"),
        ("tokenTtl", "15m"),
        ("secretStore", "vault"),
        ("password", ""),
    ],
)
def test_what_only_says_where_a_secret_is_may_be_plain(key: str, value: str):
    extra = {"x": "y"} if not value else {key: value}
    tags = {**ENVIRONMENT, "extra": extra}
    assert load_settings({**GOOD, "platform:tags": tags}, "test").tags.extra == extra


def test_encrypted_values_are_accepted_and_never_read():
    secure = {"secure": "v1:abc:def"}
    config = {
        **GOOD,
        "aws:secretKey": secure,
        "platform:tags": {**ENVIRONMENT, "extra": {"a": secure}},
    }
    assert load_settings(config, "test").tags.extra == {"a": "secret"}


def test_a_decrypted_section_is_accepted_and_no_message_shows_its_values():
    tags = {**ENVIRONMENT, "extra": {"token": "hunter2"}}
    config = {**GOOD, "platform:tags": tags}
    assert load_settings(config, "test", ("platform:tags",)).tags.extra["token"] == "hunter2"
    config["platform:tags"] = {**tags, "owner": "ümlaut"}
    assert problems(config, ("platform:tags",)) == [
        (
            "platform:tags.owner: is not valid: "
            "1 to 256 letters, digits, spaces and _.:/=+@- allowed, not all spaces"
        )
    ]


def test_the_program_reads_what_pulumi_hands_it_as_json_text():
    handed = {k: v if isinstance(v, str) else json.dumps(v) for k, v in GOOD.items()}
    handed |= {"platform:protect": "true", "aws:secretKey": "hunter2", "pulumi:tags": "{}"}
    built = build(current_settings, config=handed, secret_config=("aws:secretKey",))
    assert built.result == load_settings({**GOOD, "platform:protect": True}, "test")


def test_the_program_refuses_what_the_file_check_refuses():
    wrong = {"cidr": "10.0.0.0/16", "zoneCount": 5}
    handed = {"aws:region": "eu-west-1", "platform:network": json.dumps(wrong)}
    with pytest.raises(InvalidInput, match="stack 'dev': 2 problems"):
        build(current_settings, config=handed, stack="dev")
