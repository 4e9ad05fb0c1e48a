"""`python -m tests.given STACK`: what a stack's workloads are given, as JSON.

For the services of `examples/services`, whose environment is another one: their tests start them
with nothing but this.
"""

import json
import sys
from collections.abc import Mapping
from typing import cast

from simulator.session import platform_program
from stacks.files import DIRECTORY, read_stack_file
from tests.harness import Recorder, Registration, build

PODS = ("kubernetes:apps/v1:Deployment", "kubernetes:batch/v1:CronJob")
SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"
FUNCTION = "aws:lambda/function:Function"
NAMESPACE = "services"

Object = Mapping[str, object]


def deployed(stack: str, more: Object | None = None) -> Recorder[None]:
    """Return all that a stack file makes, with `more` configuration by full key."""
    file = read_stack_file(DIRECTORY / f"Pulumi.{stack}.yaml")
    config = {**cast("dict[str, object]", file["config"]), **(more or {})}
    handed = {k: v if isinstance(v, str) else json.dumps(v) for k, v in config.items()}
    return build(platform_program, config=handed, stack=stack)


def given(cloud: Recorder[None]) -> dict[str, Object]:
    """Return the environment and the command of each workload, by its name.

    A variable from a Secret has `{"secret": PROPERTY}` for a value: which of the values of the
    secret in Secrets Manager it gets. What a pod is told of itself is as Kubernetes has it.
    """
    secrets = _secrets(cloud)
    found: dict[str, Object] = {}
    for kind in PODS:
        for each in cloud.all(kind):
            metadata = cast("Mapping[str, str]", each.inputs["metadata"])
            if metadata.get("namespace") == NAMESPACE:
                found[metadata["name"]] = _pod(each, secrets)
    for each in cloud.all(FUNCTION):
        inputs = cast("Mapping[str, Mapping[str, str]]", each.inputs.get("environment") or {})
        variables = inputs.get("variables", {})
        if "SERVICE_NAME" in variables:
            found[variables["SERVICE_NAME"]] = {"environment": variables, "command": None}
    return found


def _secrets(cloud: Recorder[None]) -> dict[tuple[str, str], str]:
    """Return the property behind each key of the workloads' Secrets."""
    found: dict[tuple[str, str], str] = {}
    for each in cloud.all(SECRET):
        spec = cast("Mapping[str, Mapping[str, str]]", each.inputs["spec"])
        for row in cast("list[Mapping[str, str | Mapping[str, str]]]", spec.get("data") or []):
            reference = cast("Mapping[str, str]", row["remoteRef"])
            key = spec["target"]["name"], str(row["secretKey"])
            found[key] = reference["property"]
    return found


def _pod(each: Registration, secrets: Mapping[tuple[str, str], str]) -> Object:
    spec = cast("dict[str, dict[str, dict[str, object]]]", each.inputs["spec"])
    while "template" not in spec:  # a CronJob's is that of its jobs
        spec = cast("dict[str, dict[str, dict[str, object]]]", spec["jobTemplate"]["spec"])
    pod = cast("dict[str, list[dict[str, object]]]", spec["template"]["spec"])
    container = pod["containers"][0]
    environment: dict[str, object] = {}
    for row in cast("list[dict[str, object]]", container["env"]):
        source = cast("dict[str, dict[str, str]] | None", row.get("valueFrom"))
        name = str(row["name"])
        if source is None:
            environment[name] = row["value"]
            continue
        reference = source.get("secretKeyRef")
        if reference:
            environment[name] = {"secret": secrets[reference["name"], reference["key"]]}
        else:  # what the pod is, such as its name
            environment[name] = source
    return {"environment": environment, "command": container.get("command")}


if __name__ == "__main__":
    json.dump(given(deployed(sys.argv[1])), sys.stdout)
