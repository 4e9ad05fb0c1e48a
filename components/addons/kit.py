"""What every add-on is made with: the cluster, who may do what in AWS, and what pods have alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.iam import Condition, Statement
from components._base.inside import Inside
from components._base.place import Place
from components._base.pod_identity import pod_identity
from components._base.scope import Scope
from components.addons.plan import OWNER_TAGS, AddonsPlan
from components.charts import Chart, Values, release
from components.cluster.addons import TOLERATIONS
from components.cluster.nodes import LABELS

SYSTEM_NAMESPACE = "kube-system"

SYSTEM_PRIORITY = "system-cluster-critical"
"""Kubernetes' own class: the pods of an add-on are the last to be evicted for lack of room."""

ZONE = "topology.kubernetes.io/zone"


@dataclass(frozen=True)
class Kit:
    """The cluster, and whatever the add-ons have in common."""

    inside: Inside
    place: Place
    plan: AddonsPlan
    cluster_name: pulumi.Input[str]
    mirror: str

    @property
    def scope(self) -> Scope:
        """The component."""
        return self.inside.scope

    @property
    def two(self) -> bool:
        """Tell whether controllers have a second pod, and a disruption budget."""
        return self.plan.replicas > 1

    @property
    def system(self) -> dict[str, object]:
        """Return the values that put pods on the system nodes."""
        return {"nodeSelector": dict(LABELS), "tolerations": list(TOLERATIONS)}

    @property
    def budget(self) -> dict[str, object]:
        """Return the disruption budget as most charts take it."""
        return {"enabled": True, "minAvailable": 1} if self.two else {"enabled": False}

    def spread(self, labels: Mapping[str, str]) -> list[dict[str, object]]:
        """Return the spread over zones of pods with `labels`, where there are two.

        A zone without room is no reason to have one pod only.
        """
        if not self.two:
            return []
        return [
            {
                "maxSkew": 1,
                "topologyKey": ZONE,
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": dict(labels)},
            }
        ]

    def install(
        self,
        chart: Chart,
        values: Values,
        *,
        namespace: pulumi.Input[str],
        depends_on: Sequence[pulumi.Resource] = (),
    ) -> kubernetes.helm.v3.Release:
        """Install a chart, protected as the component is: others depend on what it defines.

        It leaves nothing outside of the cluster, and may go with it.
        """
        return release(
            self.inside,
            chart,
            namespace=namespace,
            values=values,
            mirror=self.mirror,
            depends_on=depends_on,
            protect=self.scope.protect,
        )

    def identity(
        self,
        suffix: str,
        statements: Sequence[Statement],
        *,
        namespace: pulumi.Input[str],
        service_account: str,
    ) -> pulumi.Resource:
        """Let the pods of a service account do in AWS what `statements` say.

        A pod gets its identity when it starts, so its release comes after this.
        """
        return pod_identity(
            self.scope,
            suffix,
            statements,
            description=f"Add-on {suffix} of {self.scope.name}",
            cluster_name=self.cluster_name,
            namespace=namespace,
            service_account=service_account,
        )

    def own_tags(self) -> Condition:
        """Return the condition that a resource in AWS carries the platform's own tags."""
        return {f"aws:ResourceTag/{tag}": self.scope.tags[tag] for tag in OWNER_TAGS}


def resources(cpu: str, memory: str, limit: str) -> dict[str, object]:
    """Return what a container is sure to get, and the most memory that it may take."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": limit}}
