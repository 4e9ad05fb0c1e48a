import pulumi
import pulumi_aws as aws
import pytest

from simulator.mocks import RefusedError
from tests.harness import build


class Box(pulumi.ComponentResource):
    vpc_id: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Box", name, {"size": 1}, opts)
        self.vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block="10.0.0.0/16",
            opts=pulumi.ResourceOptions(parent=self, protect=True, ignore_changes=["tags"]),
        )
        self.vpc_id = self.vpc.id
        self.register_outputs({"vpcId": self.vpc_id})


def test_build_records_inputs_parents_and_options():
    built = build(lambda: Box("box"))
    vpc = built.one("aws:ec2/vpc:Vpc")
    assert vpc.inputs["cidrBlock"] == "10.0.0.0/16"
    assert vpc.parent is not None
    assert vpc.parent.type == "test:index:Box"
    assert vpc.protect
    assert vpc.ignore_changes == ("tags",)
    assert str(built.output(built.result.vpc_id)).startswith("vpc-")


def test_aliases_are_told_as_urns():
    def program() -> None:
        aliases = [
            pulumi.Alias(name="old"),
            pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE),
            "urn:pulumi:a::b::c::d",
        ]
        aws.ec2.Vpc("new", opts=pulumi.ResourceOptions(parent=Box("box"), aliases=aliases))

    start = "urn:pulumi:test::fastapi-platform::"
    assert build(program).named("new").aliases == (
        f"{start}test:index:Box$aws:ec2/vpc:Vpc::old",
        f"{start}aws:ec2/vpc:Vpc::new",
        "urn:pulumi:a::b::c::d",
    )


def test_what_the_cloud_answers_is_kept_with_the_id():
    built = build(lambda: Box("box"))
    outputs = built.outputs[built.one("aws:ec2/vpc:Vpc").urn]
    assert outputs["cidrBlock"] == "10.0.0.0/16"
    assert outputs["id"] == built.output(built.result.vpc_id)


def test_two_resources_of_one_urn_are_refused():
    def twice() -> None:
        aws.ec2.Vpc("net", cidr_block="10.0.0.0/16")
        aws.ec2.Vpc("net", cidr_block="10.1.0.0/16")

    with pytest.raises(AssertionError, match="Duplicate resource URN"):
        build(twice)


def test_an_input_that_the_cloud_refuses_fails_the_build():
    with pytest.raises(RefusedError, match="cidrBlock: is a number, must be a string"):
        build(lambda: aws.ec2.Vpc("net", cidr_block=10))  # pyright: ignore[reportArgumentType] - the point


def test_a_component_without_register_outputs_fails_the_build():
    class Forgetful(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("test:index:Forgetful", "lost", {})

    with pytest.raises(AssertionError, match="without register_outputs"):
        build(Forgetful)
