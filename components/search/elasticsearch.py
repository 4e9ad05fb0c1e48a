"""Elasticsearch and Kibana on the cluster, run by ECK."""

from collections.abc import Mapping, Sequence
from typing import Optional, cast

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components._base.errors import InvalidInput, Problem
from components._base.inside import Inside, split_options
from components._base.kms import domain_key
from components._base.order import after
from components._base.outputs import by_name
from components._base.place import place_of
from components._base.required import all_given
from components._base.scope import Scope
from components.search.elasticsearch_access import make_kibana_budget, make_network_policies
from components.search.elasticsearch_args import ElasticsearchArgs
from components.search.elasticsearch_namespaces import Namespaces, make_namespaces
from components.search.elasticsearch_operator import make_operator, make_storage_class
from components.search.elasticsearch_plan import (
    ELASTICSEARCH,
    KIBANA,
    SERVICE_ACCOUNT,
    plan_elasticsearch,
)
from components.search.elasticsearch_resources import (
    API_VERSIONS,
    Body,
    elasticsearch_body,
    kibana_body,
)
from components.search.elasticsearch_setup import make_setup
from components.search.elasticsearch_snapshots import make_snapshot_store
from components.search.elasticsearch_users import (
    make_application_user,
    make_monitoring_user,
    make_reader,
)


class ElasticsearchCluster(pulumi.ComponentResource):
    """Elasticsearch, Kibana and their operator in the cluster; snapshots and secrets in AWS.

    Give it the cluster's provider, and as `deleted_with` the cluster itself: objects that leave
    nothing behind then go with it.

    Example: `ElasticsearchCluster("search", {"cluster_name": cluster.cluster_name,
    "availability_zones": network.availability_zones}, in_cluster(cluster, provider))`.
    """

    endpoint: pulumi.Output[str]
    """URL of the REST API, within the cluster."""
    ca_secret: pulumi.Output[str]
    """Kubernetes secret with the `ca.crt` of the endpoint, as `namespace/name`."""
    secret: pulumi.Output[str]
    """ARN of the secret with `username` and `password` of the user `application`."""
    security_group_id: pulumi.Output[str]
    """Empty: it runs on the cluster's nodes; see `client_namespaces`."""
    kubernetes_secret: pulumi.Output[str]
    """Kubernetes secret with the same user, as `namespace/name`."""
    monitoring_secret: pulumi.Output[str]
    """Kubernetes secret with the user `monitoring`, which sees how Elasticsearch is and nothing of
    what is in it, as `namespace/name`."""
    reader_secrets: pulumi.Output[Mapping[str, str]]
    """ARNs of the secrets of `readers`, by name: JSON with `username` and `password`."""
    kibana_url: pulumi.Output[str]
    """URL of Kibana, within the cluster; empty when there is none."""
    key_arn: pulumi.Output[str]
    """The key of volumes, snapshots and secret, for whoever reads the secret."""
    snapshot_bucket: pulumi.Output[str]
    """Name of the bucket with the snapshots."""

    @all_given
    def __init__(
        self, name: str, args: ElasticsearchArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_elasticsearch(args, name)
        spec = plan.spec
        own, control_plane = split_options(opts)
        # Only Elasticsearch itself waits for the nodes.
        inputs = {key: value for key, value in args.items() if key != "node_class"}
        super().__init__("fastapi-platform:index:ElasticsearchCluster", name, inputs, own)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=spec.protect)
        inside, place = Inside(scope, control_plane), place_of(self)

        key = domain_key(
            f"{name}-data",
            parent=self,
            description=f"Volumes, snapshots and secret of Elasticsearch {name}",
            # As AWS's own key for secrets: who may read the secret needs no grant of the key too.
            via_services=("ec2", "secretsmanager"),
            tags=scope.tags,
            protect=scope.protect,
        )
        namespaces = make_namespaces(inside, spec.namespace)
        operator = make_operator(inside, namespaces, mirror=args.get("mirror") or "")
        user = make_application_user(inside, plan, namespaces, key)
        watcher = make_monitoring_user(inside, plan, namespaces)
        readers = {
            reader: make_reader(inside, plan, namespaces, key, name=reader)
            for reader in spec.readers
        }
        store = make_snapshot_store(
            scope,
            key=key,
            cluster_name=args["cluster_name"],
            namespace=namespaces.search,
        )
        policies = make_network_policies(inside, namespaces, clients=spec.client_namespaces)
        elasticsearch = _resource(
            inside,
            namespaces,
            "Elasticsearch",
            ELASTICSEARCH,
            elasticsearch_body(
                plan,
                zones=[_zone(args, index, spec.zones, name) for index in range(spec.zones)],
                region=place.region,
                storage_class=_storage_class(inside, f"{spec.namespace}-gp3", key),
                user_secrets=[user.user_secret, watcher, *(r for r, _ in readers.values())],
                roles_secret=user.roles_secret,
            ),
            # Who is not let in must not be for a moment, and ECK's webhook must answer.
            depends_on=[operator, _service_account(inside, namespaces), *policies],
            stateful=True,
        )
        if spec.kibana_replicas:
            _resource(
                inside,
                namespaces,
                "Kibana",
                KIBANA,
                kibana_body(plan),
                depends_on=[elasticsearch],
                stateful=False,
            )
            make_kibana_budget(inside, namespaces)
        setup = make_setup(
            inside,
            plan,
            namespaces,
            bucket=store.bucket,
            after=[elasticsearch, store.identity],
            mirror=args.get("mirror") or "",
        )

        # Whoever is given the endpoint finds it working.
        self.endpoint = after(pulumi.Output.from_input(plan.endpoint), [setup])
        self.ca_secret = pulumi.Output.from_input(f"{spec.namespace}/{plan.ca_secret}")
        self.secret = user.stored.secret_arn
        self.security_group_id = pulumi.Output.from_input("")
        self.kubernetes_secret = pulumi.Output.concat(spec.namespace, "/", user.user_secret)
        self.monitoring_secret = pulumi.Output.concat(spec.namespace, "/", watcher)
        self.reader_secrets = by_name(
            {reader: stored.secret_arn for reader, (_, stored) in readers.items()}
        )
        self.kibana_url = pulumi.Output.from_input(plan.kibana_url)
        self.key_arn = key.arn
        self.snapshot_bucket = store.bucket
        self.register_outputs(
            {
                "endpoint": self.endpoint,
                "caSecret": self.ca_secret,
                "secret": self.secret,
                "securityGroupId": self.security_group_id,
                "kubernetesSecret": self.kubernetes_secret,
                "monitoringSecret": self.monitoring_secret,
                "readerSecrets": self.reader_secrets,
                "kibanaUrl": self.kibana_url,
                "keyArn": self.key_arn,
                "snapshotBucket": self.snapshot_bucket,
            }
        )


def _resource(
    inside: Inside,
    namespaces: Namespaces,
    kind: str,
    name: str,
    body: Body,
    *,
    depends_on: Sequence[pulumi.Resource],
    stateful: bool,
) -> kubernetes.apiextensions.CustomResource:
    """Create one of ECK's resources."""
    options = inside.stateful if stateful else inside.own
    options.depends_on = list(depends_on)
    return kubernetes.apiextensions.CustomResource(
        f"{inside.scope.name}-{name}",
        api_version=API_VERSIONS[kind],
        kind=kind,
        metadata={"name": name, "namespace": namespaces.search},
        spec=dict(body),
        opts=options,
    )


def _service_account(inside: Inside, namespaces: Namespaces) -> pulumi.Resource:
    return kubernetes.core.v1.ServiceAccount(
        f"{inside.scope.name}-account",
        metadata={"name": SERVICE_ACCOUNT, "namespace": namespaces.search},
        # Elasticsearch never calls Kubernetes.
        automount_service_account_token=False,
        opts=inside.own,
    )


def _storage_class(inside: Inside, name: str, key: aws.kms.Key) -> pulumi.Output[str]:
    made = make_storage_class(inside, name, key)
    return made.metadata.apply(lambda metadata: metadata.name or "")


def _zone(args: ElasticsearchArgs, index: int, zones: int, owner: str) -> pulumi.Output[str]:
    names = pulumi.Output.all(args["availability_zones"], args.get("node_class"))
    return names.apply(lambda found: nth_zone(cast("Sequence[str]", found[0]), index, zones, owner))


def nth_zone(names: Sequence[str], index: int, zones: int, owner: str) -> str:
    """Return one of the first `zones` zones.

    :raises InvalidInput: when there are too few.
    """
    if len(names) < zones:
        reason = f"{len(names)} given; zones {zones} need one each"
        problem = Problem("availability_zones", reason)
        raise InvalidInput(f"ElasticsearchCluster {owner!r}", [problem])
    return names[index]
