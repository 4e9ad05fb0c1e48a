"""Amazon OpenSearch Service."""

import json
import re
from collections.abc import Iterable
from typing import cast

from components.search.versions import OPENSEARCH_VERSIONS
from simulator.cloud.model import ACCOUNT, DNS_SAFE, AutoName, Json, Model, Request, Seconds

DOMAIN_TIME = (
    "the AWS provider's acceptance tests: 28 to 42 minutes from creation to deletion of one domain,"
    " 47 to 65 with a change (https://github.com/hashicorp/terraform-provider-aws/pull/31568)"
)
POLICY_TIME = (
    "a change of the access policy needs no other nodes; the provider waits until it is in"
)

DOMAIN_NAME = re.compile(r"[a-z][a-z0-9-]{2,27}")
VERSION = re.compile(r"OpenSearch_\d{1,2}\.\d{1,2}|Elasticsearch_\d\.\d{1,2}")
INSTANCE_TYPE = re.compile(r"[a-z]+\d[a-z]*\.[a-z0-9]+\.search")
"""https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_CreateDomain.html
(2026-11). Its own list of instance types is years behind those that are offered."""

TLS_POLICIES = frozenset(
    {
        "Policy-Min-TLS-1-0-2019-07",
        "Policy-Min-TLS-1-2-2019-07",
        "Policy-Min-TLS-1-2-PFS-2023-10",
        "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
        "Policy-Min-TLS-1-2-FIPS-PQ-2026-10",
    }
)


def _domain_outputs(request: Request) -> Json:
    name = request.text("domainName")
    kind = "vpc" if "vpcOptions" in request.inputs else "search"
    host = f"{kind}-{name}-{request.token(26, 'host', DNS_SAFE)}.{request.region}.es.amazonaws.com"
    vpc = {**request.part("vpcOptions"), "vpcId": request.hex("vpc-", salt="vpc")}
    return {
        "arn": request.arn("es", f"domain/{name}"),
        "domainId": f"{ACCOUNT}/{name}",
        "endpoint": host,
        "dashboardEndpoint": f"{host}/_dashboards",
        **({"vpcOptions": vpc} if kind == "vpc" else {}),
    }


def _refuse_domain(request: Request) -> Iterable[str]:
    name = request.inputs.get("domainName")
    if isinstance(name, str) and not DOMAIN_NAME.fullmatch(name):
        yield f"domainName: {name!r} is not valid: 3 to 28 small letters, digits and '-'"
    version = request.inputs.get("engineVersion")
    if isinstance(version, str) and not VERSION.fullmatch(version):
        yield f"engineVersion: {version!r} is not valid, e.g. OpenSearch_{OPENSEARCH_VERSIONS[0]}"
    policy = request.part("domainEndpointOptions").get("tlsSecurityPolicy")
    if isinstance(policy, str) and policy not in TLS_POLICIES:
        yield (
            f"domainEndpointOptions.tlsSecurityPolicy: {policy!r} is not one of "
            + ", ".join(sorted(TLS_POLICIES))
        )
    yield from _refuse_cluster(request)
    yield from _refuse_security(request)


def _refuse_cluster(request: Request) -> Iterable[str]:
    cluster = request.part("clusterConfig")
    for key in ("instanceType", "dedicatedMasterType"):
        kind = cluster.get(key)
        if isinstance(kind, str) and not INSTANCE_TYPE.fullmatch(kind):
            yield f"clusterConfig.{key}: {kind!r} is not an instance type of the service"
    aware = cluster.get("zoneAwarenessEnabled") is True
    config = cast("Json", cluster.get("zoneAwarenessConfig") or {})
    zones = config.get("availabilityZoneCount", 2) if aware else 1
    subnets = request.part("vpcOptions").get("subnetIds")
    if isinstance(subnets, list) and len(cast("list[object]", subnets)) != zones:
        yield f"vpcOptions.subnetIds: you must specify exactly {zones} subnets"
    count = cluster.get("instanceCount", 1)
    if isinstance(count, int | float) and isinstance(zones, int | float) and count < zones:
        yield f"clusterConfig.instanceCount: is {count}, at least {zones} needed for as many zones"
    if cluster.get("multiAzWithStandbyEnabled") is True and zones != len("abc"):
        yield "clusterConfig.multiAzWithStandbyEnabled: three zones are needed"


def _refuse_security(request: Request) -> Iterable[str]:
    security = request.part("advancedSecurityOptions")
    if security.get("enabled") is not True:
        return
    for key in ("encryptAtRest", "nodeToNodeEncryption"):
        if request.part(key).get("enabled") is not True:
            yield f"{key}: must be on for fine-grained access control"
    if request.part("domainEndpointOptions").get("enforceHttps", True) is not True:
        yield "domainEndpointOptions.enforceHttps: must be on for fine-grained access control"
    master = cast("Json", security.get("masterUserOptions") or {})
    by_name = security.get("internalUserDatabaseEnabled") is True
    if by_name and "masterUserName" not in master:  # a password not known yet is not seen here
        yield "advancedSecurityOptions.masterUserOptions: a name and a password are needed"
    if not by_name and "masterUserArn" not in master:
        yield "advancedSecurityOptions.masterUserOptions: an ARN is needed"


def _refuse_policy(request: Request) -> Iterable[str]:
    text = request.inputs.get("accessPolicies")
    if not isinstance(text, str):
        return
    try:
        statements = cast("list[Json]", json.loads(text)["Statement"])
    except (KeyError, TypeError, ValueError):
        yield "accessPolicies: is not JSON with a Statement"
        return
    nameless = [str(s.get("Sid")) for s in statements if "Principal" not in s]
    if nameless:
        yield f"accessPolicies: no Principal in {', '.join(nameless)}"


MODELS = {
    "aws:opensearch/domain:Domain": Model(
        identity=lambda r: r.arn("es", f"domain/{r.text('domainName')}"),
        outputs=_domain_outputs,
        replaces=frozenset(
            {
                "advancedSecurityOptions.enabled",
                "domainName",
                "encryptAtRest",
                "ipAddressType",
                "nodeToNodeEncryption",
            }
        ),
        autoname=AutoName("domainName", 28),
        seconds=Seconds(1200, 1500, 600, DOMAIN_TIME),
        refuses=_refuse_domain,
    ),
    "aws:opensearch/domainPolicy:DomainPolicy": Model(
        identity=lambda r: f"esd-policy-{r.text('domainName')}",
        replaces=frozenset({"domainName"}),
        seconds=Seconds(60, 60, 60, POLICY_TIME),
        refuses=_refuse_policy,
    ),
    "aws:iam/serviceLinkedRole:ServiceLinkedRole": Model(
        identity=lambda r: r.arn(
            "iam",
            f"role/aws-service-role/{r.text('awsServiceName')}/{_service_role(r)}",
            region=False,
        ),
        outputs=lambda r: {
            "arn": r.id,
            "name": _service_role(r),
            "path": f"/aws-service-role/{r.text('awsServiceName')}/",
            "uniqueId": "AROA" + r.token(17, "unique").upper(),
            "createDate": "2026-01-01T00:00:00Z",
        },
        replaces=frozenset({"awsServiceName", "customSuffix"}),
    ),
}
"""What replaces: `ForceNew` in the AWS provider's opensearch/domain.go, 6.62. It also replaces a
domain whose `engineVersion` goes where no upgrade leads, or whose `vpcOptions` come or go."""


def _service_role(request: Request) -> str:
    name = request.text("awsServiceName").split(".")[0].capitalize()
    return f"AWSServiceRoleFor{name}"
