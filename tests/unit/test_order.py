"""Order by URN: the same edges, without what they lead to."""

import pulumi
import pulumi_aws as aws
from pulumi.resource import DependencyResource

from components._base.order import after, all_registered, registered
from tests.harness import Recorder, build


class Names(pulumi.ComponentResource):
    """A component with a resource of its own."""

    def __init__(self, name: str) -> None:
        super().__init__("test:index:Names", name)
        own = pulumi.ResourceOptions(parent=self)
        aws.ssm.Parameter(f"{name}-own", type="String", value="x", opts=own)
        self.register_outputs({})


def _parameter(name: str, value: pulumi.Input[str] = "x") -> aws.ssm.Parameter:
    return aws.ssm.Parameter(name, type="String", value=value)


def _waits_for(built: Recorder[None], name: str) -> set[str]:
    return {
        urn.split("::")[-1] for urn in built.one("aws:ssm/parameter:Parameter", name).depends_on
    }


def test_edges_are_the_same_as_those_of_the_output() -> None:
    def program() -> None:
        first = _parameter("first")
        second = _parameter("second", first.arn)
        _parameter("third", registered(after(second.arn, [first])))
        _parameter("fourth", registered(after(pulumi.Output.from_input("x"), [Names("names")])))

    built = build(program)
    assert _waits_for(built, "third") == {"first", "second"}
    assert _waits_for(built, "fourth") == {"names-own"}


def test_the_value_stays_secret_and_what_waits_is_not_looked_through() -> None:
    seen: dict[str, object] = {}

    async def look(output: pulumi.Output[str]) -> None:
        seen["secret"] = await output.is_secret()
        seen["value"] = await output.future()
        seen["resources"] = {type(resource) for resource in await output.resources()}

    def program() -> None:
        made = _parameter("first")
        value = pulumi.Output.secret("hidden")
        pulumi.Output.from_input(look(registered(after(value, [made]))))

    build(program)
    assert seen == {"secret": True, "value": "hidden", "resources": {DependencyResource}}


def test_all_outputs_are_found_at_any_depth() -> None:
    def program() -> None:
        first = _parameter("first")
        values = all_registered({"plain": "x", "a": {"b": [{"c": first.arn}]}})
        assert values["plain"] == "x"
        _parameter("second", pulumi.Output.json_dumps(values))

    assert _waits_for(build(program), "second") == {"first"}
