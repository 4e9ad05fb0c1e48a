"""Production's stack with one thing broken at a time: each time the policy in charge says so."""

from functools import cache

from policies.environments import configuration
from policies.pack import POLICIES
from tests.config.test_program import deployed
from tests.policies import claims, claims_of_load, claims_of_parts, claims_of_settings
from tests.policies.claims import NOTHING_TO_BREAK
from tests.policies.demands import asked, unmet
from tests.policies.mutated import Mutation, Stack

CLAIMS = (
    *(*claims.CLAIMS, *claims_of_parts.CLAIMS),
    *(*claims_of_load.CLAIMS, *claims_of_settings.CLAIMS),
)
BY_NAME = {policy.name: policy for policy in POLICIES}


@cache
def production() -> Stack:
    return Stack(deployed("prod").resources, configuration("prod"))


@cache
def mutations() -> tuple[Mutation, ...]:
    resources = {resource.urn: resource for resource in production().resources}
    demands = asked(production(), POLICIES)
    return (
        *(each for demand in demands for each in unmet(demand, resources[demand.urn])),
        *(each for claim in CLAIMS for each in claim.mutations(production().resources)),
    )


def test_nothing_is_wrong_before() -> None:
    found = [told for policy in POLICIES for told in production().violations(policy)]
    assert found == []


def test_whatever_is_broken_is_seen() -> None:
    unseen = [
        str(each) for each in mutations() if not production().violations(BY_NAME[each.policy], each)
    ]
    assert unseen == []


def test_mutations_are_many_and_of_many_kinds() -> None:
    kinds = {(each.policy, each.resource.type, each.kind) for each in mutations()}
    of_tags = {kind for kind in kinds if kind[0] == "required-tags"}
    assert len(mutations()) >= 2000
    assert len(kinds - of_tags) >= 250
    assert all(each.differs for each in mutations())


def test_no_policy_is_left_out() -> None:
    without = BY_NAME.keys() - {each.policy for each in mutations()}
    assert without == NOTHING_TO_BREAK.keys(), "break it in claims.py or its neighbours"
    types = {resource.type for resource in production().resources}
    assert types.isdisjoint(type_ for some in NOTHING_TO_BREAK.values() for type_ in some)
