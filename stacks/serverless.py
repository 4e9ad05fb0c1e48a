"""The serverless APIs of a stack: each gets what it names in `uses`, and no more."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pulumi

from components._base.iam import Statement, document
from components._base.images import image_version
from components.cache.plan import PORT as CACHE_PORT
from components.identity import Identity, full_scope_name
from components.network import Network
from components.serverless import ServerlessApi, ServerlessApiArgs
from components.service.contract import bucket_variable, table_variable
from components.storage.access import Bucket, BucketAccess, bucket_statements
from components.tables import TableAccess, table_statements
from stacks.data import DataServices, named
from stacks.serverless_spec import StackServerlessSpec

if TYPE_CHECKING:
    from stacks.settings import Settings

Values = dict[str, pulumi.Input[str]]


def make_serverless(
    settings: "Settings",
    network: Network,
    data: DataServices,
    identity: Identity | None,
    alarm_topic_arn: pulumi.Output[str],
) -> Mapping[str, ServerlessApi]:
    """Create all of them."""
    made: dict[str, ServerlessApi] = {}
    for name, spec in settings.serverless.items():
        wiring = {
            **settings.common,
            "alarm_topic_arn": alarm_topic_arn,
            "values": {**_who(settings, spec, identity), **_where(settings, spec, data)},
            "policies": _policies(settings, spec, data),
            **_code(spec, name, data),
            **_stores(spec, network, data),
        }
        if identity:
            wiring |= {"issuer": identity.issuer, "audiences": identity.audiences}
        wiring["zone_id"] = spec.zone_in(settings.dns_zones)
        args = _in_full(settings, spec).to_args(ServerlessApiArgs, **wiring)
        made[name] = ServerlessApi(name, args)
    return made


def _in_full(settings: "Settings", spec: StackServerlessSpec) -> StackServerlessSpec:
    """Return the settings with scopes as they are written in tokens."""
    issuer = settings.identity
    if issuer is None:
        return spec
    routes = {
        key: route.model_copy(
            update={"scopes": tuple(full_scope_name(issuer, scope) for scope in route.scopes)}
        )
        for key, route in spec.routes.items()
    }
    return spec.model_copy(update={"routes": routes})


def _who(settings: "Settings", spec: StackServerlessSpec, identity: Identity | None) -> Values:
    """Return who the API is and whose tokens it takes, as variables of the runtime contract."""
    version = image_version(spec.image) if spec.image else spec.zip.version if spec.zip else ""
    values: Values = {
        "SERVICE_VERSION": version,
        "SERVICE_ENVIRONMENT": settings.tags.environment,
    }
    if identity:
        values |= {
            "AUTH_ISSUER": identity.issuer,
            "AUTH_AUDIENCE": identity.audiences.apply(",".join),
            "AUTH_JWKS_URL": identity.jwks_uri,
        }
    return values


def _where(settings: "Settings", spec: StackServerlessSpec, data: DataServices) -> Values:
    """Return where the data services are that it uses, likewise."""
    uses, values = spec.uses, Values()
    if uses.tables and data.tables:
        names = data.tables.table_names
        values |= {table_variable(name): named(names, name) for name in uses.tables}
        values["TABLES_REGION"] = settings.region
    if uses.buckets and data.storage:
        names = data.storage.bucket_names
        values |= {bucket_variable(name): named(names, name) for name in uses.buckets}
        values["BUCKETS_REGION"] = settings.region
    if uses.cache and data.cache:
        endpoint = data.cache.primary_endpoint
        values["CACHE_URL"] = pulumi.Output.concat("rediss://", endpoint, f":{CACHE_PORT}")
    return values


def _policies(
    settings: "Settings", spec: StackServerlessSpec, data: DataServices
) -> Mapping[str, pulumi.Output[str]]:
    """Return what it may do with tables and buckets."""
    uses = spec.uses
    allowed: dict[str, list[Statement]] = {}
    if data.tables and settings.tables:
        for name, access in sorted(uses.tables.items()):
            allowed.setdefault("tables", []).extend(
                table_statements(
                    name,
                    named(data.tables.table_arns, name),
                    TableAccess(access.value),
                    indexes=sorted(settings.tables.tables[name].indexes),
                )
            )
    if data.storage:
        for name, access in sorted(uses.buckets.items()):
            bucket = Bucket(
                label=name,
                name=named(data.storage.bucket_names, name),
                arn=named(data.storage.bucket_arns, name),
                key_arn=data.storage.key_arn,
            )
            statements = bucket_statements(bucket, BucketAccess(access.value))
            allowed.setdefault("buckets", []).extend(statements)
    return {label: document(*statements) for label, statements in allowed.items()}


def _code(spec: StackServerlessSpec, name: str, data: DataServices) -> dict[str, object]:
    """Return where its code is."""
    if spec.code_bucket and data.storage:
        return {"code_bucket": named(data.storage.bucket_names, spec.code_bucket)}
    if spec.image and data.registry:
        return {"repository_url": data.registry.repository_url(name)}
    return {}


def _stores(spec: StackServerlessSpec, network: Network, data: DataServices) -> dict[str, object]:
    """Return what puts it into the VPC: only a store that is there does."""
    if not (spec.uses.cache and data.cache):
        return {}
    group = data.cache.security_group_id
    return {
        "vpc_id": network.vpc_id,
        "subnet_ids": network.private_subnet_ids,
        "stores": {"cache": {"security_group_id": group, "ports": [CACHE_PORT]}},
        "secret_arns": {"CACHE_SECRET_ARN": data.cache.secret_arn},
        "secret_key_arns": {"CACHE_SECRET_ARN": data.cache.key_arn},
    }
