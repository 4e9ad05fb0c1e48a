"""What services and workers have alike: an account, a role, secrets, policies and pods."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components._base.inside import Inside
from components._base.order import after, registered
from components.service.access import make_identity
from components.service.environment import external_secrets
from components.service.objects import Object, make, make_all
from components.service.plan import Workload
from components.service.pod import Pod, deployment, service_account
from components.service.scaling import Scaler

REPLICAS = "spec.replicas"
"""The autoscaler's, once the Deployment is there; an update would reset it otherwise.

https://github.com/pulumi/pulumi-kubernetes/issues/2491
"""


@dataclass(frozen=True)
class Pods:
    """A workload's pods, which work."""

    namespace: pulumi.Output[str]
    """Name of their namespace, once there is all that they need."""
    deployments: list[pulumi.Resource]
    """What starts them."""
    role_arn: pulumi.Output[str]


def region_of(workload: Workload, component: pulumi.Resource) -> pulumi.Input[str]:
    """Return the region of the data services; it is asked for only if one needs it."""
    region = workload.args.get("region")
    if region is not None or not workload.needs_role:
        return region or ""
    return aws.get_region_output(opts=pulumi.InvokeOptions(parent=component)).region


def make_pods(inside: Inside, workload: Workload, pods: Sequence[Pod], policy: Object) -> Pods:
    """Create Deployments and what their pods need to start.

    :param policy: the network policy of all of them.
    """
    return make_starters(inside, workload, [starter(workload, pod) for pod in pods], policy)


def starter(workload: Workload, pod: Pod) -> tuple[Object, Sequence[str]]:
    """Return the Deployment of pods, and the fields of it that others own."""
    return deployment(workload, pod), [REPLICAS] if pod.replicas is None else []


def make_starters(
    inside: Inside,
    workload: Workload,
    starters: Sequence[tuple[Object, Sequence[str]]],
    policy: Object,
) -> Pods:
    """Create what starts pods, and what these need.

    :param starters: each with the fields of it that others own.
    """
    account = make(inside, service_account(workload), _namespace(workload))
    # All else comes after the account, which comes after what the workload requires: one edge for
    # each object instead of a dozen, in the state and in the SDK's search for cycles.
    namespace = registered(after(pulumi.Output.from_input(workload.args["namespace"]), [account]))
    identity = make_identity(inside.scope, workload, namespace)
    needed = [
        *identity.resources,
        account,
        make(inside, policy, namespace),
        *make_all(inside, external_secrets(workload), namespace),
    ]
    made = [
        make(inside, starter, namespace, after=needed, ignore=ignore)
        for starter, ignore in starters
    ]
    return Pods(namespace, made, identity.role_arn)


def make_scaler(inside: Inside, scaler: Scaler, pods: Pods) -> pulumi.Resource:
    """Create what scales the first of the Deployments."""
    permissions = make_all(inside, scaler.permissions, pods.namespace)
    return make(inside, scaler.scaler, pods.namespace, after=[pods.deployments[0], *permissions])


def _namespace(workload: Workload) -> pulumi.Output[str]:
    """Return the namespace's name, as an output of all that comes before."""
    name = workload.args["namespace"]
    earlier = workload.args.get("requires") or ()
    if not earlier:
        return pulumi.Output.from_input(name)
    return pulumi.Output.all(*earlier).apply(lambda _: name)
