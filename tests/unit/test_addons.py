"""The add-ons: what is installed how, who may do what in AWS, and what goes before what."""

import functools
import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components.addons import Addons, AddonsArgs, PriorityClass
from components.charts import CATALOG
from tests.charts import needs_charts, unknown_values
from tests.crds import crd_problems, needs_crds
from tests.harness import Recorder, Registration, build
from tests.iam_lint import lint

RELEASE = "kubernetes:helm.sh/v3:Release"
POOL = "kubernetes:karpenter.sh/v1:NodePool"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
ISSUER = "kubernetes:cert-manager.io/v1:ClusterIssuer"
STORE = "kubernetes:external-secrets.io/v1:ClusterSecretStore"
NAMESPACE = "kubernetes:core/v1:Namespace"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"

TAGS = {"project": "p", "environment": "prod", "owner": "me"}
KAFKA = "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0a1b2c3d"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d"
GROUP = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/gateway/0a1b2c3d"

FULL: Mapping[str, object] = {
    "zones": {"example.com": "Z0123456789ABCDEFGHIJ", "example.org": "ZJIHGFEDCBA9876543210"},
    "acme_email": "ops@example.com",
    "secret_key_arns": [KEY],
    "kafka_cluster_arns": {"orders": KAFKA},
    "protect": True,
}
SMALL: Mapping[str, object] = {"replicas": 1, "keda": False}
OTHER: Mapping[str, object] = {
    "target_group_arns": [GROUP],
    "secret_store": {"name_prefixes": ["fastapi/"]},
    "metrics_namespaces": [],
    "nodes": {"os": "al2023"},
    "node_pools": {
        "own": {
            "quiet_hours": {"schedule": "0 7 * * mon-fri", "hours": 10},
            "max_disrupted_percent": 20,
        }
    },
    "mirror": "registry.example.com/m",
    "zones": {"example.com": "Z0123456789ABCDEFGHIJ"},
}
NO_REPLICAS_OF_ITS_OWN = {"karpenter-crd", "external-dns"}

Values = Mapping[str, Any]


def installed(given: Mapping[str, object]) -> Recorder[Addons]:
    def program() -> Addons:
        cluster = aws.eks.Cluster(
            "eks", role_arn="r", vpc_config={"subnet_ids": ["subnet-1", "subnet-2"]}
        )
        provider = kubernetes.Provider("inside", kubeconfig="{}", cluster_identifier=cluster.arn)
        args = {
            "cluster_name": cluster.name,
            "cluster_endpoint": cluster.endpoint,
            "vpc_id": "vpc-0a1b2c3d4e5f60718",
            "node_security_group_id": "sg-0000000000000000c",
            "node_role_name": "karpenter-nodes",
            "interruption_queue_name": "interruptions",
            "discovery": "fastapi-platform-prod",
            "tags": TAGS,
            **given,
        }
        opts = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        return Addons("addons", cast("AddonsArgs", args), opts)

    return build(program)


@functools.cache
def full() -> Recorder[Addons]:
    return installed(FULL)


@functools.cache
def small() -> Recorder[Addons]:
    return installed(SMALL)


@functools.cache
def other() -> Recorder[Addons]:
    return installed(OTHER)


def releases(cloud: Recorder[Addons]) -> Mapping[str, Registration]:
    return {str(r.inputs["name"]): r for r in cloud.all(RELEASE)}


def values(chart: str, cloud: Recorder[Addons] | None = None) -> Values:
    return cast("Values", releases(cloud or full())[chart].inputs["values"])


def statements(role: str, cloud: Recorder[Addons] | None = None) -> Mapping[str, Values]:
    policy = (cloud or full()).one(ROLE_POLICY, f"addons-{role}-role-policy")
    listed = cast("list[Values]", json.loads(str(policy.inputs["policy"]))["Statement"])
    return {str(statement["Sid"]): statement for statement in listed}


def pool(name: str, cloud: Recorder[Addons] | None = None) -> Values:
    return cast("Values", (cloud or full()).one(POOL, f"addons-{name}-nodes").inputs["spec"])


# What is installed


def test_every_add_on_is_there():
    assert set(releases(full())) == {
        *("aws-load-balancer-controller", "cert-manager", "external-dns", "external-secrets"),
        *("karpenter", "karpenter-crd", "keda", "metrics-server", "trust-manager"),
    }
    assert len(full().all(POOL)) == 2
    assert len(full().all(ISSUER)) == 2


def test_without_a_zone_there_are_neither_names_nor_public_certificates():
    assert set(releases(full())) - set(releases(small())) == {"external-dns", "keda"}
    assert small().none(ISSUER)
    names = {str(r.inputs["serviceAccount"]) for r in small().all(ASSOCIATION)}
    assert names == {"aws-load-balancer-controller", "external-secrets"}
    assert small().output(small().result.cluster_issuer) == ""
    assert small().output(small().result.scaled_objects) == ""


@needs_charts
@pytest.mark.parametrize("cloud", [full, small])
def test_charts_know_every_value_that_is_set(cloud: Any):
    unknown = {name: unknown_values(r.inputs) for name, r in releases(cloud()).items()}
    assert unknown == {name: [] for name in unknown}


@needs_crds
def test_custom_resources_fit_their_definitions():
    definitions = {
        POOL: "nodepools.karpenter.sh",
        NODE_CLASS: "ec2nodeclasses.karpenter.k8s.aws",
        ISSUER: "clusterissuers.cert-manager.io",
        STORE: "clustersecretstores.external-secrets.io",
    }
    checked = 0
    for cloud in (full(), other()):
        for type_, definition in definitions.items():
            for resource in cloud.all(type_):
                assert crd_problems(definition, resource.inputs) == []
                checked += 1
    assert checked == 11


def test_everything_belongs_to_the_component_or_to_its_role():
    parents = {r.parent.type for r in full().resources if r.parent}
    assert parents == {"fastapi-platform:index:Addons", "aws:iam/role:Role"}


# Pods


def placements(value: object, path: str = "") -> list[str]:
    """Return the paths at which values put pods on the system nodes."""
    if not isinstance(value, dict):
        return []
    inner = cast("dict[str, object]", value)
    here = [path] if inner.get("nodeSelector") and inner.get("tolerations") else []
    return here + [p for k, v in inner.items() for p in placements(v, f"{path}.{k}")]


def test_all_run_on_the_system_nodes():
    paths = {name: placements(values(name)) for name in releases(full())}
    assert paths.pop("karpenter-crd") == []
    assert paths.pop("cert-manager") == ["", ".webhook", ".cainjector", ".startupapicheck"]
    assert paths.pop("external-secrets") == ["", ".webhook", ".certController"]
    assert paths == {name: [""] for name in paths}
    assert values("karpenter")["tolerations"] == [
        {"key": "CriticalAddonsOnly", "operator": "Exists"}
    ]


def found(value: object, key: str) -> list[Any]:
    """Return all that stands under a key, at any depth."""
    if not isinstance(value, dict):
        return []
    inner = cast("dict[str, Any]", value)
    return [v for k, v in inner.items() if k == key] + [
        hit for v in inner.values() for hit in found(v, key)
    ]


def replicas(chart: str, cloud: Recorder[Addons]) -> list[int]:
    given = values(chart, cloud)
    return found(given, "replicaCount") + found(given, "replicas")


def budgets(chart: str, cloud: Recorder[Addons]) -> list[Values]:
    told = found(values(chart, cloud), "podDisruptionBudget")
    if chart == "keda":
        return list(told[0].values())
    return [b for b in told if b.get("enabled", bool(b))]


def test_two_pods_have_a_disruption_budget_and_are_spread():
    for chart in set(releases(full())) - NO_REPLICAS_OF_ITS_OWN:
        controllers = replicas(chart, full())
        assert set(controllers) == {2}, chart
        if chart != "karpenter":  # whose chart has a budget and a spread of its own
            assert len(budgets(chart, full())) == len(controllers), chart
            assert all(
                b.get("minAvailable", b.get("maxUnavailable")) == 1 for b in budgets(chart, full())
            )
    spread = values("metrics-server")["topologySpreadConstraints"]
    assert spread[0]["topologyKey"] == "topology.kubernetes.io/zone"
    assert spread[0]["labelSelector"] == {
        "matchLabels": {"app.kubernetes.io/name": "metrics-server"}
    }


def test_one_pod_has_no_budget_that_would_hold_up_its_node():
    for chart in set(releases(small())) - NO_REPLICAS_OF_ITS_OWN:
        assert set(replicas(chart, small())) == {1}, chart
        assert budgets(chart, small()) == [], chart
    assert values("metrics-server", small())["topologySpreadConstraints"] == []


def test_every_controller_says_what_it_needs_and_takes_no_more_memory():
    for chart in set(releases(full())) - {"karpenter-crd"}:
        told = found(values(chart), "resources")
        flat = list(told[0].values()) if chart == "keda" else told
        assert flat, chart
        for each in flat:
            assert {"cpu", "memory"} <= set(each["requests"]), chart
            assert each["limits"]["memory"], chart


def test_names_are_kept_by_one_pod_only():
    """Two would undo each other's changes; the chart refuses more."""
    assert values("external-dns")["replicaCount"] == 1


# Order


def after_each_other(*names: str) -> bool:
    """Tell whether each comes after the one before it, and so is deleted before that."""
    made = [full().named(name) for name in names]
    return all(full().comes_after(b, a) for a, b in itertools.pairwise(made))


@pytest.mark.parametrize(
    "names",
    [
        ("addons-karpenter-crd", "addons-karpenter", "addons-node-class", "addons-spot-nodes"),
        ("addons-cert-manager-closed", "addons-cert-manager", "addons-letsencrypt-production"),
        ("addons-cert-manager-webhooks", "addons-cert-manager", "addons-trust-manager"),
        ("addons-cert-manager-identity", "addons-cert-manager"),
        ("addons-cert-manager", "addons-aws-load-balancer-controller"),
        ("addons-cert-manager", "addons-metrics-server"),
        ("addons-load-balancer-identity", "addons-aws-load-balancer-controller"),
        ("addons-external-secrets-identity", "addons-external-secrets", "addons-secret-store"),
        ("addons-external-dns-identity", "addons-external-dns"),
        ("addons-keda-namespace", "addons-keda-calls", "addons-keda"),
        ("addons-keda-identity", "addons-keda"),
    ],
    ids=" < ".join,
)
def test_what_is_needed_comes_first_and_goes_last(names: tuple[str, ...]):
    assert after_each_other(*names)


def test_nodes_are_gone_before_karpenter_is():
    """Field report 8: EC2 nodes survived the cluster's destroy."""
    for made in (full().named("addons-node-class"), *full().all(POOL)):
        assert made.deleted_with == ""
        assert full().comes_after(made, full().named("addons-karpenter"))
        assert not made.protect
    metadata = cast("Values", full().one(POOL, "addons-spot-nodes").inputs["metadata"])
    assert metadata["annotations"] == {"pulumi.com/deletionPropagationPolicy": "foreground"}
    assert pool("spot")["template"]["spec"]["terminationGracePeriod"] == "30m"


def test_what_leaves_nothing_behind_goes_with_the_cluster():
    """Field report 10: a release could not be deleted once its cluster was gone."""
    cluster = full().one("aws:eks/cluster:Cluster").urn
    nodes = {NODE_CLASS, POOL}
    inside = [
        r for r in full().resources if r.type.startswith("kubernetes:") and r.type not in nodes
    ]
    assert len(inside) > 40
    assert {r.deleted_with for r in inside} == {cluster}
    outside = [r for r in full().resources if r.type.startswith("aws:")]
    assert {r.deleted_with for r in outside} == {""}


def test_what_others_depend_on_is_protected_on_request():
    assert {r.protect for r in full().all(RELEASE)} == {True}
    assert {r.protect for r in small().all(RELEASE)} == {False}


def test_kafka_is_waited_for_by_keda_only():
    component = full().one("fastapi-platform:index:Addons")
    assert component.inputs["kafka_cluster_arns"] == ["orders"]
    assert full().comes_after(full().named("addons-keda"), full().named("addons-keda-role"))


def test_definitions_stay_when_a_release_is_deleted():
    keep = {"helm.sh/resource-policy": "keep"}
    assert values("karpenter-crd")["additionalAnnotations"] == keep
    assert values("keda")["crds"]["additionalAnnotations"] == keep
    assert values("external-secrets")["crds"]["annotations"] == keep
    for chart in ("cert-manager", "trust-manager"):
        assert values(chart)["crds"] == {"enabled": True, "keep": True}
    assert releases(full())["karpenter"].inputs["skipCrds"] is True


# Webhooks


def test_no_webhook_of_the_load_balancer_controller_is_in_the_way_of_others():
    """Field report 16: add-ons failed while its webhook for Services had no endpoints."""
    given = values("aws-load-balancer-controller")
    assert given["enableServiceMutatorWebhook"] is False
    assert given["webhookConfig"] == {"disableIngressValidation": True}
    assert given["controllerConfig"]["featureGates"]["EnableServiceController"] is False
    assert given["createIngressClassResource"] is False


def test_no_chart_makes_a_certificate_when_it_is_rendered():
    """Field report 14: the chart had another certificate at each `up`."""
    assert values("aws-load-balancer-controller")["enableCertManager"] is True
    assert values("metrics-server")["tls"] == {"type": "cert-manager"}
    assert values("metrics-server")["apiService"] == {"insecureSkipTLSVerify": False}
    again = installed(FULL)
    assert {n: r.inputs for n, r in releases(again).items()} == {
        n: r.inputs for n, r in releases(full()).items()
    }


def test_wrong_custom_resources_are_refused_and_not_just_left():
    assert values("keda")["webhooks"]["failurePolicy"] == "Fail"
    assert values("external-secrets")["webhook"]["failurePolicy"] == "Fail"


# Namespaces


def test_namespaces_are_closed_and_restricted():
    closed = {"cert-manager", "external-dns", "external-secrets", "keda"}
    names = {str(cast("Values", r.inputs["metadata"])["name"]) for r in full().all(NAMESPACE)}
    assert names == closed
    assert len(full().all("kubernetes:core/v1:ResourceQuota")) == 4
    assert len(full().all("kubernetes:core/v1:LimitRange")) == 4
    for namespace in full().all(NAMESPACE):
        labels = cast("Values", namespace.inputs["metadata"])["labels"]
        assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def amount(quantity: str) -> float:
    """Return a Kubernetes quantity in cores or MiB."""
    factors = {"m": 0.001, "Mi": 1, "Gi": 1024}
    unit = quantity.lstrip("0123456789")
    return int(quantity.removesuffix(unit)) * factors.get(unit, 1)


def test_quotas_leave_room_for_an_upgrade():
    """Old and new pods run side by side, so twice of everything has to fit."""
    asked: dict[str, list[Values]] = {"keda": list(values("keda")["resources"].values())}
    for namespace in ("cert-manager", "external-secrets"):
        asked[namespace] = found(values(namespace), "resources")
    asked["cert-manager"] += found(values("trust-manager"), "resources")
    for namespace, containers in asked.items():
        quota = full().named(f"addons-{namespace}-quota")
        hard = cast("Values", quota.inputs["spec"])["hard"]
        for kind in ("cpu", "memory"):
            total = sum(amount(each["requests"][kind]) for each in containers)
            assert 2 * 2 * total <= amount(hard[f"requests.{kind}"]), (namespace, kind)


def ports(policy: str, direction: str) -> list[int]:
    spec = cast("Values", full().one(POLICY, policy).inputs["spec"])
    return [port["port"] for rule in spec[direction] for port in rule.get("ports", [])]


@pytest.mark.parametrize(
    ("policy", "direction", "expected"),
    [
        ("addons-cert-manager-webhooks", "ingress", [10250, 6443]),
        ("addons-external-secrets-webhooks", "ingress", [10250]),
        ("addons-keda-webhooks", "ingress", [6443, 9443]),
        ("addons-keda-calls", "egress", [443, 5671, 6379, 9090, 9098, 80]),
        ("addons-external-dns-calls", "egress", [443, 80]),
        ("addons-external-dns-metrics", "ingress", [7979]),
    ],
)
def test_namespaces_have_the_doors_they_need(policy: str, direction: str, expected: list[int]):
    assert ports(policy, direction) == expected


def test_credentials_are_fetched_from_the_agent_only():
    spec = cast("Values", full().one(POLICY, "addons-external-dns-calls").inputs["spec"])
    assert spec["egress"][1]["to"] == [{"ipBlock": {"cidr": "169.254.170.23/32"}}]
    assert spec["policyTypes"] == ["Egress"]


def test_metrics_are_read_from_named_namespaces_only():
    spec = cast("Values", full().one(POLICY, "addons-keda-metrics").inputs["spec"])
    (peer,) = spec["ingress"][0]["from"]
    assert peer["namespaceSelector"]["matchExpressions"][0]["values"] == ["observability"]
    assert not [r for r in other().all(POLICY) if r.name.endswith("-metrics")]


# IAM


def test_policies_have_no_finding_of_the_linter():
    roles = full().all("aws:iam/role:Role")
    assert len(roles) == 5
    for role in roles:
        assert lint(str(role.inputs["assumeRolePolicy"])) == []
    for policy in full().all(ROLE_POLICY):
        # Describe and list calls of EC2, ELB and Route 53 know no resource.
        assert lint(str(policy.inputs["policy"]), allowed={"RESOURCE_STAR"}) == [], policy.name


def test_only_what_knows_no_resource_is_allowed_on_all():
    star = {
        (role, sid)
        for role in ("load-balancer", "external-dns", "cert-manager", "external-secrets", "keda")
        for sid, statement in statements(role).items()
        if "*" in cast("Sequence[str]", statement["Resource"])
    }
    assert star == {("load-balancer", "Find"), ("external-dns", "FindZones")}


def test_pods_are_registered_in_our_target_groups_only():
    own = statements("load-balancer")["Register"]
    assert own["Resource"] == [
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/*/*"
    ]
    assert own["Condition"] == {
        "StringEquals": {
            "aws:ResourceTag/project": "p",
            "aws:ResourceTag/environment": "prod",
        }
    }
    named = statements("load-balancer", other())["Register"]
    assert named["Resource"] == [GROUP]
    assert "Condition" not in named


def test_the_load_balancer_controller_makes_and_deletes_nothing():
    actions = [a for s in statements("load-balancer").values() for a in s["Action"]]
    writes = [action for action in actions if ":Describe" not in action]
    assert sorted(writes) == [
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:RevokeSecurityGroupIngress",
        "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:RegisterTargets",
    ]


def test_only_the_nodes_group_can_be_opened():
    assert statements("load-balancer")["Open"]["Resource"] == [
        "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0000000000000000c"
    ]


def test_names_are_changed_in_our_zones_only():
    change = statements("external-dns")["ChangeRecords"]
    assert change["Resource"] == [
        "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
        "arn:aws:route53:::hostedzone/ZJIHGFEDCBA9876543210",
    ]
    assert change["Condition"]["ForAllValues:StringEquals"] == {
        "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA", "CNAME", "TXT"]
    }


def test_cert_manager_writes_proofs_and_no_other_record():
    prove = statements("cert-manager")["Prove"]
    assert prove["Resource"] == statements("external-dns")["ChangeRecords"]["Resource"]
    assert prove["Condition"] == {
        "ForAllValues:StringEquals": {"route53:ChangeResourceRecordSetsRecordTypes": ["TXT"]},
        "ForAllValues:StringLike": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_acme-challenge.*"]
        },
    }


def test_secrets_are_ours_by_tag_or_by_name():
    by_tag = statements("external-secrets")
    assert by_tag["Read"]["Resource"] == ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:*"]
    assert set(by_tag["Read"]["Condition"]["StringEquals"]) == {
        "aws:ResourceTag/project",
        "aws:ResourceTag/environment",
    }
    assert by_tag["Decrypt"]["Resource"] == [KEY]
    assert by_tag["Decrypt"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}
    }
    by_name = statements("external-secrets", other())
    assert list(by_name) == ["Read"]
    assert by_name["Read"]["Resource"] == [
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:fastapi/*"
    ]


def test_keda_sees_lags_and_reads_no_message():
    told = statements("keda")
    assert told["Connect"]["Resource"] == [KAFKA]
    assert told["ReadEnds"]["Resource"] == [KAFKA.replace(":cluster/", ":topic/") + "/*"]
    actions = {a for s in told.values() for a in s["Action"]}
    assert "kafka-cluster:ReadData" not in actions
    assert len(actions) == 4


def test_identities_are_those_of_the_service_accounts():
    named = {
        (str(r.inputs["namespace"]), str(r.inputs["serviceAccount"]))
        for r in full().all(ASSOCIATION)
    }
    assert named == {
        ("kube-system", "aws-load-balancer-controller"),
        ("external-dns", "external-dns"),
        ("cert-manager", "cert-manager"),
        ("external-secrets", "external-secrets"),
        ("keda", "keda-operator"),
    }
    for chart in (
        "aws-load-balancer-controller",
        "external-dns",
        "cert-manager",
        "external-secrets",
    ):
        assert values(chart)["serviceAccount"]["name"] == chart


# Nodes


def test_nodes_answer_imdsv2_only_and_one_hop_away():
    spec = cast("Values", full().one(NODE_CLASS).inputs["spec"])
    assert spec["metadataOptions"]["httpTokens"] == "required"
    assert spec["metadataOptions"]["httpPutResponseHopLimit"] == 1
    assert spec["amiSelectorTerms"] == [{"alias": "bottlerocket@v1.67.0"}]
    disks = {m["deviceName"]: m["ebs"] for m in spec["blockDeviceMappings"]}
    assert {d: e["volumeSize"] for d, e in disks.items()} == {
        "/dev/xvda": "4Gi",
        "/dev/xvdb": "50Gi",
    }
    assert all(e["encrypted"] is True and e["volumeType"] == "gp3" for e in disks.values())
    assert spec["tags"] == TAGS


def test_nodes_find_their_subnets_and_group():
    spec = cast("Values", full().one(NODE_CLASS).inputs["spec"])
    tags = {"karpenter.sh/discovery": "fastapi-platform-prod"}
    assert spec["subnetSelectorTerms"] == [{"tags": tags}]
    assert spec["securityGroupSelectorTerms"] == [{"id": "sg-0000000000000000c"}]
    assert spec["role"] == "karpenter-nodes"


def requirements(name: str) -> dict[str, tuple[str, ...]]:
    listed = pool(name)["template"]["spec"]["requirements"]
    return {f"{r['key'].split('/')[-1]} {r['operator']}": tuple(r["values"]) for r in listed}


def test_pools_are_graviton_of_a_bounded_size():
    assert requirements("on-demand") == {
        "arch In": ("arm64",),
        "os In": ("linux",),
        "capacity-type In": ("on-demand",),
        "instance-category In": ("c", "m", "r"),
        "instance-generation Gt": ("5",),
        "instance-cpu Gt": ("1",),
        "instance-cpu Lt": ("17",),
    }
    assert requirements("spot")["capacity-type In"] == ("spot",)
    assert pool("on-demand")["limits"] == {"cpu": "100"}
    assert pool("on-demand")["template"]["spec"]["expireAfter"] == "720h"


def test_only_pods_that_tolerate_it_run_on_spot():
    assert pool("spot")["template"]["spec"]["taints"] == [
        {"key": "fastapi-platform/pool", "value": "spot", "effect": "NoSchedule"}
    ]
    assert "taints" not in pool("on-demand")["template"]["spec"]


def test_few_nodes_at_once_are_replaced_and_none_in_quiet_hours():
    assert pool("own", other())["disruption"] == {
        "consolidationPolicy": "WhenEmptyOrUnderutilized",
        "consolidateAfter": "5m",
        "budgets": [
            {"nodes": "20%"},
            {"nodes": "0", "schedule": "0 7 * * mon-fri", "duration": "10h"},
        ],
    }


def test_karpenter_knows_its_cluster():
    cluster = full().one("aws:eks/cluster:Cluster")
    settings = values("karpenter")["settings"]
    assert settings["interruptionQueue"] == "interruptions"
    assert settings["clusterEndpoint"].startswith("https://")
    assert cluster.urn in full().one(RELEASE, "addons-karpenter").depends_on


# Names, certificates, secrets, classes


def test_names_of_others_are_left_alone():
    given = values("external-dns")
    assert given["policy"] == "sync"
    assert (given["registry"], given["txtOwnerId"]) == ("txt", "fastapi-platform-prod")
    assert given["domainFilters"] == ["example.com", "example.org"]
    assert given["extraArgs"][:2] == [
        "--zone-id-filter=Z0123456789ABCDEFGHIJ",
        "--zone-id-filter=ZJIHGFEDCBA9876543210",
    ]
    assert given["sources"] == ["service", "ingress"]
    assert given["podAnnotations"] == {}


def test_external_dns_comes_after_the_gateway_api():
    def program() -> Addons:
        installed_by = aws.sns.Topic("gateway-api")
        args = {
            **dict.fromkeys(("cluster_name", "cluster_endpoint", "vpc_id", "discovery"), "x"),
            "node_security_group_id": "sg-1",
            "node_role_name": "r",
            "interruption_queue_name": "q",
            "zones": {"example.com": "Z0123456789ABCDEFGHIJ"},
            "external_dns": {"sources": ["gateway-httproute"]},
            "gateway_api": installed_by.name,
            "tags": TAGS,
        }
        return Addons("addons", cast("AddonsArgs", args))

    cloud = build(program)
    assert cloud.comes_after(cloud.named("addons-external-dns"), cloud.named("gateway-api"))


def test_issuers_prove_each_domain_in_its_own_zone():
    servers: set[str] = set()
    for issuer in full().all(ISSUER):
        acme = cast("Values", issuer.inputs["spec"])["acme"]
        servers.add(acme["server"])
        assert acme["email"] == "ops@example.com"
        assert acme["solvers"] == [
            {
                "selector": {"dnsZones": [domain]},
                "dns01": {"route53": {"hostedZoneID": zone}},
            }
            for domain, zone in sorted(cast("Mapping[str, str]", FULL["zones"]).items())
        ]
    assert len(servers) == 2
    assert full().output(full().result.cluster_issuer) == "letsencrypt-production"


def test_the_store_serves_namespaces_of_the_platform_only():
    spec = cast("Values", full().one(STORE).inputs["spec"])
    assert spec["provider"] == {"aws": {"service": "SecretsManager", "region": "eu-west-1"}}
    assert spec["conditions"] == [
        {
            "namespaceSelector": {
                "matchExpressions": [{"key": "fastapi-platform/namespace", "operator": "Exists"}]
            }
        }
    ]


def test_volumes_are_encrypted_unless_told_otherwise():
    made = full().one("kubernetes:storage.k8s.io/v1:StorageClass")
    assert made.inputs["parameters"] == {"type": "gp3", "encrypted": "true"}
    metadata = cast("Values", made.inputs["metadata"])
    assert metadata["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert made.inputs["volumeBindingMode"] == "WaitForFirstConsumer"


def test_services_come_before_workers_by_default():
    made = {r.name: r.inputs for r in full().all("kubernetes:scheduling.k8s.io/v1:PriorityClass")}
    ranks = [int(cast("int", made[f"addons-{p.value}"]["value"])) for p in PriorityClass]
    assert ranks == sorted(ranks, reverse=True)
    defaults = [name for name, inputs in made.items() if inputs["globalDefault"]]
    assert defaults == ["addons-platform-service"]
    assert made["addons-platform-worker"]["preemptionPolicy"] == "Never"


# Mirror


def test_all_charts_and_images_come_from_the_mirror():
    cloud = other()
    charts = {chart.name: chart for chart in CATALOG}
    for name, made in releases(cloud).items():
        assert made.inputs["chart"] == f"oci://registry.example.com/m/charts/{name}"
        images = [str(image) for image in charts[name].images.values()]
        told = json.dumps(made.inputs["values"])
        assert all(f"registry.example.com/m/{image}" in told for image in images), name
    assert charts["karpenter"].images
