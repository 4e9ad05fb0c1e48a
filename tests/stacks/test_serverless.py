"""A serverless API and its issuer in the real engine: new versions, rollouts, and what is kept."""

from collections.abc import Callable, Mapping
from typing import cast

import pulumi
import pytest

from components.identity import Identity, IdentitySpec
from components.identity.args import IdentityArgs
from components.serverless import ServerlessApi, ServerlessApiSpec
from components.serverless.args import ServerlessApiArgs
from simulator.errors import SimulatorError
from tests.engine.conftest import Bench
from tests.stacks.changes import changes

ISSUER: Mapping[str, object] = {
    "domainPrefix": "example-local",
    "resourceServers": {"catalog": {"scopes": {"read": "Read the catalog"}}},
    "machineClients": {"billing": {"scopes": ["catalog/read"]}},
}
BEFORE: Mapping[str, object] = {
    "image": "1.0.0",
    "routes": {"$default": {"scopes": ["catalog/read"]}},
    "provisioned": {"min": 1, "max": 4},
}


class Program:
    """An issuer and an API, as a stack file has them, and with `changes` of the API."""

    def __init__(self) -> None:
        self.changes: Mapping[str, object] = {}
        self.has_identity = True

    def __call__(self) -> None:
        if not self.has_identity:
            return
        issuer = IdentitySpec.model_validate({"cognito": ISSUER})
        identity = Identity("identity", issuer.to_args(IdentityArgs))
        spec = ServerlessApiSpec.model_validate({**BEFORE, **self.changes})
        api = ServerlessApi(
            "catalog",
            spec.to_args(
                ServerlessApiArgs,
                repository_url="123456789012.dkr.ecr.eu-west-1.amazonaws.com/catalog",
                issuer=identity.issuer,
                audiences=identity.audiences,
            ),
        )
        pulumi.export("version", api.version)
        pulumi.export("function", api.function_name)
        pulumi.export("url", api.url)


def inputs_of(state: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Return the inputs of the resource of this name, as they are deployed."""
    resources = cast("list[Mapping[str, object]]", state["resources"])
    (found,) = [r for r in resources if str(r["urn"]).endswith(f"::{name}")]
    return cast("Mapping[str, object]", found["inputs"])


def test_versions_roll_out_in_place_and_an_issuer_s_users_are_not_lost(
    bench: Callable[[str], Bench],
):
    program = Program()
    with bench("local").open(program, policies=()) as session:
        session.up()
        before = session.outputs()
        assert before["version"] == "1"
        assert not session.preview().changed()

        # a tenth of the traffic for the next version
        program.changes = {"image": "1.1.0", "rollout": {"stableVersion": "1", "percent": 10}}
        moved = changes(session.up(), "aws")
        assert moved == {"catalog-api": "update", "catalog-api-live": "update"}
        alias = inputs_of(session.state(), "catalog-api-live")
        assert alias["functionVersion"] == "1"
        assert alias["routingConfig"] == {"additionalVersionWeights": {"2": 0.1}}

        assert session.outputs() == {**before, "version": "2"}

        # then all of it
        program.changes = {"image": "1.1.0"}
        assert changes(session.preview(), "aws") == {"catalog-api-live": "update"}

        # other routes and other sizes: in place too
        program.changes = {
            **program.changes,
            "memoryMb": 2048,
            "routes": {"GET /products": {"scopes": ["catalog/read"]}},
        }
        assert changes(session.preview(), "aws") == {
            "catalog-api": "update",
            "catalog-api-live": "update",
            "catalog-default": "delete",
            "catalog-get/products": "create",
        }

        program.has_identity = False
        with pytest.raises(SimulatorError, match="would delete the user pool 'identity-pool'"):
            session.preview()
