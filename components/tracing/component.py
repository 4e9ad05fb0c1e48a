"""Collectors, and the backend that they send traces to."""

from typing import Optional

import pulumi

from components._base.inside import Inside, split_options
from components._base.order import after
from components._base.place import place_of
from components._base.required import all_given
from components._base.scope import Scope
from components.charts.catalog import OTEL_COLLECTOR
from components.charts.release import Values, release
from components.observability.names import (
    COLLECTOR,
    NAMESPACE,
    OTLP_GRPC_ENDPOINT,
    OTLP_HTTP_ENDPOINT,
    TEMPO_URL,
)
from components.tracing.access import make_access, make_mesh_access
from components.tracing.args import TracingArgs
from components.tracing.config import collector_config, sampler_config
from components.tracing.instrumentation import install_operator, make_instrumentation
from components.tracing.plan import INSTRUMENTATION, SAMPLER, plan_tracing
from components.tracing.tempo import install_tempo, make_tempo_identity, make_traces_bucket
from components.tracing.values import collector_values
from components.tracing.xray import make_transaction_search, make_xray_identity


class Tracing(pulumi.ComponentResource):
    """Collectors that keep failed, slow and a share of all other traces, and Tempo or X-Ray.

    Give it the cluster's provider, and as `deleted_with` the cluster itself.

    Example: `Tracing("tracing", {"cluster_name": cluster.cluster_name,
    "namespace": observability.namespace, "trust_version": mesh.trust_version},
    in_cluster(cluster, provider))`.
    """

    otlp_http_endpoint: pulumi.Output[str]
    """Base URL of OTLP over HTTP, once the collectors run."""
    otlp_grpc_endpoint: pulumi.Output[str]
    """Host and port of OTLP over gRPC, likewise."""
    tempo_url: pulumi.Output[str]
    """Where Tempo answers queries, once it runs; empty with X-Ray."""
    bucket_name: pulumi.Output[str]
    """Bucket of the traces; empty with X-Ray."""
    instrumentation: pulumi.Output[str]
    """What a service's pods name to be instrumented, e.g. `observability/python`, once that works;
    empty without auto-instrumentation."""

    @all_given
    def __init__(
        self, name: str, args: TracingArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_tracing(args, name)
        own, control_plane = split_options(opts)
        super().__init__("fastapi-platform:index:Tracing", name, dict(args), own)
        tags = args.get("tags") or {}
        scope = Scope(name, parent=self, tags=tags, protect=plan.spec.protect)
        self._inside, self._plan = Inside(scope, control_plane), plan
        self._cluster_name, self._trust_version = args["cluster_name"], args.get("trust_version")
        self._namespace = pulumi.Output.all(args["namespace"], *(args.get("requires") or ())).apply(
            lambda found: str(found[0])
        )
        place = place_of(self)

        access: list[pulumi.Resource] = [
            *make_access(self._inside, plan, namespace=self._namespace),
            *make_mesh_access(self._inside, plan, namespace=self._namespace),
        ]
        self.tempo_url = self.bucket_name = pulumi.Output.from_input("")
        if plan.tempo:
            backend = [*access, self._tempo(place.region, access)]
        else:
            backend = [*access, self._xray_identity()]
            if plan.spec.transaction_search:
                backend += make_transaction_search(self._inside, place)
        if plan.layered:
            config = sampler_config(plan, place.region)
            backend.append(self._collectors(SAMPLER, config, backend))
        config = collector_config(plan, self._cluster_name, place.region)
        running = self._collectors(COLLECTOR, config, backend)
        self.otlp_http_endpoint = after(pulumi.Output.from_input(OTLP_HTTP_ENDPOINT), [running])
        self.otlp_grpc_endpoint = after(pulumi.Output.from_input(OTLP_GRPC_ENDPOINT), [running])
        self.instrumentation = self._instrumentation(access)
        self.register_outputs(
            {
                "otlpHttpEndpoint": self.otlp_http_endpoint,
                "otlpGrpcEndpoint": self.otlp_grpc_endpoint,
                "tempoUrl": self.tempo_url,
                "bucketName": self.bucket_name,
                "instrumentation": self.instrumentation,
            }
        )

    def _tempo(self, region: pulumi.Output[str], access: list[pulumi.Resource]) -> pulumi.Resource:
        """Create Tempo and its bucket."""
        inside, plan = self._inside, self._plan
        bucket, key = make_traces_bucket(inside, plan)
        identity = make_tempo_identity(
            inside, bucket, key, cluster_name=self._cluster_name, namespace=self._namespace
        )
        running = install_tempo(
            inside,
            plan,
            bucket.name,
            region,
            namespace=self._namespace,
            trust_version=self._trust_version,
            depends_on=[*access, identity],
        )
        self.bucket_name = bucket.name
        self.tempo_url = after(pulumi.Output.from_input(TEMPO_URL), [running])
        return running

    def _xray_identity(self) -> pulumi.Resource:
        return make_xray_identity(
            self._inside, self._plan, cluster_name=self._cluster_name, namespace=self._namespace
        )

    def _collectors(
        self, name: str, config: Values, depends_on: list[pulumi.Resource]
    ) -> pulumi.Resource:
        """Install a layer of collectors."""
        plan = self._plan
        return release(
            self._inside,
            OTEL_COLLECTOR,
            name=name,
            namespace=self._namespace,
            values=collector_values(plan, name, config, self._trust_version),
            mirror=plan.mirror,
            depends_on=depends_on,
            # What has a disk goes before the cluster does, or the disk would stay.
            stateful=name == plan.exporter and plan.spec.queue_gib > 0,
        )

    def _instrumentation(self, access: list[pulumi.Resource]) -> pulumi.Output[str]:
        if not self._plan.spec.auto_instrumentation:
            return pulumi.Output.from_input("")
        operator = install_operator(
            self._inside, self._plan, namespace=self._namespace, depends_on=access
        )
        made = make_instrumentation(self._inside, operator, namespace=self._namespace)
        return after(pulumi.Output.from_input(f"{NAMESPACE}/{INSTRUMENTATION}"), [made])
