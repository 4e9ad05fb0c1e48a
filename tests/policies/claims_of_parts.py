"""Ways to break what belongs together, and rights that lead to more, by the policy in charge."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import cast

from tests.harness import Registration
from tests.policies.claims import ROUTE, RULE, Claim, Wanted, allows, saying, through_the_gateway
from tests.policies.mutated import GONE, Change, found

ROLE = "aws:iam/role:Role"
SHOWN = ("catalog", "orders")
"""Services of production that the gateway shows."""

SERVICE = "kubernetes:core/v1:Service"
RELEASE = "kubernetes:helm.sh/v3:Release"
RULES = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"


def _perimeter() -> Iterator[Claim]:
    group = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    open_ = [{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["10.0.0.0/8"]}]
    for way in ("ingress", "egress"):
        yield Claim("default-security-group-closed", group, {way: open_})
    yield Claim("default-security-group-closed", group)
    flow_log = "aws:ec2/flowLog:FlowLog"
    yield Claim("vpc-flow-logs", flow_log)
    yield Claim("vpc-flow-logs", flow_log, {"trafficType": "ACCEPT"})
    world = {"cidrIpv4": "0.0.0.0/0", "referencedSecurityGroupId": GONE}
    yield Claim("data-store-apart", RULE, world, _of_a_store)
    for port in (22, 3389, 10250):
        change = {"ipProtocol": "tcp", "fromPort": port, "toPort": port, "cidrIpv4": "0.0.0.0/0"}
        yield Claim("no-public-admin-port", RULE, change)
    yield Claim("service-not-public", SERVICE, {"spec.type": "LoadBalancer"})
    yield Claim("public-front-firewalled", "aws:wafv2/webAclAssociation:WebAclAssociation")
    logs = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
    yield Claim("firewall-logged", logs)


def _of_a_store(rule: Registration) -> bool:
    return rule.name.startswith(("cache-", "kafka-", "rabbitmq-"))


LIFTING: Mapping[str, object] = {"Resource": "*", "Condition": None}


def _rights() -> Iterator[Claim]:
    policy, inline = "no-privilege-escalation", "aws:iam/rolePolicy:RolePolicy"
    for actions in (["iam:PassRole"], ["iam:Put*"], ["s3:GetObject", "iam:AttachRolePolicy"]):
        change = {"policy": saying({**LIFTING, "Action": actions})}
        yield Claim(policy, inline, change, allows("policy"))
    trust = "assumeRolePolicy"
    issuer = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    for principal in ({"Service": ["scheduler.amazonaws.com"]}, {"Federated": issuer}):
        change = {trust: saying({"Principal": principal, "Condition": None})}
        yield Claim("role-trust-narrow", ROLE, change, allows(trust))
    attached = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    for name in ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess"):
        yield Claim("no-admin-attached", attached, {"policyArn": f"arn:aws:iam::aws:policy/{name}"})


def _secrets() -> Iterator[Claim]:
    policy = "no-plain-secrets"
    for value in (
        "AKIA" + "Q3EGR7XQ5ZTUVWAB",
        "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
        "amqp://user:hunter2@broker:5672",
    ):
        yield Claim(policy, "aws:lambda/function:Function", {"environment.variables.PLACE": value})
        yield Claim(policy, "kubernetes:core/v1:ConfigMap", {"data.place": value})
        variable = [{"name": "PLACE", "value": value}]
        for pod, type_ in (
            ("spec.template.spec", DEPLOYMENT),
            ("spec.jobTemplate.spec.template.spec", "kubernetes:batch/v1:CronJob"),
        ):
            yield Claim(policy, type_, {f"{pod}.containers[].env": variable})
    password = [{"name": "DB_PASSWORD", "value": "correct-horse"}]
    yield Claim(policy, DEPLOYMENT, {"spec.template.spec.containers[].env": password})


def _observed() -> Iterator[Claim]:
    yield Claim("service-objective", RULES, meant=_of_shown("alerts-service-{}"))
    monitored = _of_shown("{}-servicemonitor")
    yield Claim("service-measured", MONITOR, meant=monitored)
    other = {"app.kubernetes.io/name": "other"}
    yield Claim("service-measured", MONITOR, {"spec.selector.matchLabels": other}, monitored)
    yield Claim("service-measured", MONITOR, {"metadata.namespace": "other"}, monitored)
    untraced = {"spec.template.spec.containers[].env": _untraced}
    yield Claim("service-traced", DEPLOYMENT, untraced, _of_shown("{}-deployment"))
    for holder, key in (
        ("labels", "severity"),
        ("annotations", "summary"),
        ("annotations", "runbook_url"),
    ):
        yield Claim("alert-actionable", RULES, {"spec.groups": _alert_without(holder, key)})
    prometheus = [{"backendRefs": [{"name": "prometheus-operated", "port": 9090}]}]
    yield Claim("console-authenticated", ROUTE, {"spec.rules": prometheus}, _for_everybody)
    for more in (
        {"grafana.ini": {"auth.anonymous": {"enabled": True}}},
        {"env": {"GF_AUTH_ANONYMOUS_ENABLED": "true"}},
        {"adminPassword": "correct-horse"},
    ):
        change = {"values": _with(more)}
        yield Claim("console-login", RELEASE, change, _is_chart("grafana"))
    for part in ("prometheus", "alertmanager"):
        change = {"values": _with({part: {"ingress": {"enabled": True}}})}
        yield Claim("console-login", RELEASE, change, _is_chart("kube-prometheus-stack"))


def _of_shown(pattern: str) -> Wanted:
    names = [pattern.format(service) for service in SHOWN]
    return lambda resource: resource.name in names


def _is_chart(chart: str) -> Wanted:
    return lambda release: str(release.inputs["chart"]).rpartition("/")[2] == chart


def _for_everybody(route: Registration) -> bool:
    annotations = found(route.inputs, ("metadata", "annotations", "fastapi-platform/anonymous"))
    return annotations == "true" and through_the_gateway(route)


def _untraced(variables: object) -> object:
    listed = cast("list[dict[str, object]]", variables)
    return [each for each in listed if each["name"] != "OTEL_EXPORTER_OTLP_ENDPOINT"]


def _with(more: Mapping[str, object]) -> Change:
    return lambda values: {**cast("dict[str, object]", values), **more}


def _alert_without(holder: str, key: str) -> Change:
    """Return the change of groups of rules whose first alert lacks something."""

    def change(groups: object) -> object:
        copied = cast("list[dict[str, list[dict[str, dict[str, object]]]]]", deepcopy(groups))
        alert = next(r for group in copied for r in group["rules"] if "alert" in r)
        del alert[holder][key]
        return copied

    return change


CLAIMS: tuple[Claim, ...] = (*_perimeter(), *_rights(), *_secrets(), *_observed())
