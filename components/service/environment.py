"""The variables of a pod (docs/runtime-contract.md), and which of them come from a secret."""

from collections.abc import Mapping, Sequence

import pulumi

from components.service.contract import bucket_variable, peer_variable, table_variable
from components.service.objects import Json, Object
from components.service.plan import Workload, service_url

EXTERNAL_SECRET = "external-secrets.io/v1"  # noqa: S105 - an apiVersion

REFRESH = "15m"
"""After which another password is in the Secret; pods have it from their next start on."""

CACHE_PORT = 6379

CA_FOLDER = "/etc/platform/search"

RESOURCE, POD_UID = "OTEL_RESOURCE_ATTRIBUTES", "POD_UID"
"""By which the collector knows the pod of a span: behind a proxy the address does not tell it."""

Values = Mapping[str, pulumi.Input[str]]


def secret_name(workload: Workload) -> str:
    """Return the name of the workload's own Secret."""
    return workload.name


def environment(
    workload: Workload, region: pulumi.Input[str], more: Mapping[str, str]
) -> list[Json]:
    """Return the container's `env`, by name, so that equal ones never differ.

    :param region: of the data services.
    :param more: what this kind of workload has besides.
    """
    plain = {
        **_own(workload),
        **more,
        **_stores(workload, region),
        **workload.spec.env,
    }
    made: list[Json] = [{"name": name, "value": plain[name]} for name in sorted(plain)]
    if RESOURCE in plain:
        # Before the variable that it is part of.
        made.insert(0, {"name": POD_UID, "valueFrom": {"fieldRef": {"fieldPath": "metadata.uid"}}})
    secret = secret_name(workload)
    return made + [
        {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": name}}}
        for name in sorted(secret_values(workload))
    ]


def _own(workload: Workload) -> Values:
    """Return who the workload is, whose tokens it takes, and where traces go."""
    args = workload.args
    values: dict[str, pulumi.Input[str]] = {
        "SERVICE_NAME": workload.name,
        "SERVICE_VERSION": workload.version,
        "SERVICE_ENVIRONMENT": args.get("environment") or pulumi.get_stack(),
    }
    identity, collector = args.get("identity"), args.get("otel_endpoint")
    if identity is not None:
        values |= {
            "AUTH_ISSUER": identity["issuer"],
            "AUTH_AUDIENCE": identity["audience"],
            "AUTH_JWKS_URL": identity["jwks_uri"],
        }
    values |= {peer_variable(peer): service_url(peer, args) for peer in args.get("calls") or ()}
    if collector is not None:
        values["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector
        values[RESOURCE] = f"k8s.pod.uid=$({POD_UID})"
    return values


def _stores(workload: Workload, region: pulumi.Input[str]) -> Values:
    """Return where the data services are that are used."""
    uses, stores = workload.uses, workload.args.get("stores") or {}
    values: dict[str, pulumi.Input[str]] = {}
    if uses.cache and "cache" in stores:
        cache = stores["cache"]
        port = int(cache.get("port", CACHE_PORT))  # numbers from other languages are floats
        values["CACHE_URL"] = pulumi.Output.concat("rediss://", cache["endpoint"], f":{port}")
    if uses.kafka and "kafka" in stores:
        values |= {"KAFKA_BOOTSTRAP_SERVERS": stores["kafka"]["brokers"], "KAFKA_REGION": region}
        values |= {"KAFKA_GROUP": workload.group} if uses.kafka.consume else {}
    if uses.search and "search" in stores:
        values["SEARCH_URL"] = stores["search"]["endpoint"]
        if "ca_secret" in stores["search"]:
            values["SEARCH_CA_FILE"] = f"{CA_FOLDER}/ca.crt"
    tables, buckets = stores.get("tables") or {}, stores.get("buckets") or {}
    values |= {table_variable(name): tables[name]["name"] for name in uses.tables}
    values |= {"TABLES_REGION": region} if uses.tables else {}
    values |= {bucket_variable(name): buckets[name]["name"] for name in uses.buckets}
    values |= {"BUCKETS_REGION": region} if uses.buckets else {}
    return values


def secret_values(workload: Workload) -> Mapping[str, tuple[pulumi.Input[str], str]]:
    """Return the variables from secrets: the secret's ARN, and which of its values it is."""
    uses, stores = workload.uses, workload.args.get("stores") or {}
    values: dict[str, tuple[pulumi.Input[str], str]] = {}
    if uses.cache and "cache" in stores:
        values |= _login("CACHE", stores["cache"]["secret_arn"])
    if uses.search and "search" in stores:
        values |= _login("SEARCH", stores["search"]["secret_arn"])
    if uses.rabbitmq and "rabbitmq" in stores:
        values["RABBITMQ_URL"] = (stores["rabbitmq"]["secret_arn"], "url")
    return values


def _login(section: str, arn: pulumi.Input[str]) -> Mapping[str, tuple[pulumi.Input[str], str]]:
    return {f"{section}_{field.upper()}": (arn, field) for field in ("username", "password")}


def external_secrets(workload: Workload) -> Sequence[Object]:
    """Return what puts the secret variables into a Secret, and waits until they are there.

    They are in neither the program nor its state.
    """
    values = secret_values(workload)
    if not values:
        return []
    data = [
        {"secretKey": name, "remoteRef": {"key": arn, "property": field}}
        for name, (arn, field) in sorted(values.items())
    ]
    name = secret_name(workload)
    spec = {
        "refreshInterval": REFRESH,
        "secretStoreRef": {
            "kind": "ClusterSecretStore",
            "name": workload.args.get("secret_store"),
        },
        "target": {"name": name, "creationPolicy": "Owner", "deletionPolicy": "Retain"},
        "data": data,
    }
    awaited = {"pulumi.com/waitFor": "condition=Ready"}
    return [Object(EXTERNAL_SECRET, "ExternalSecret", name, {"spec": spec}, annotations=awaited)]
