"""Security scans of public services: on a schedule, with reports, and word of what is new."""

from typing import Optional

import pulumi
import pulumi_aws as aws

from components._base.iam import document, pod_identity_trust, service_role
from components._base.inside import Inside, split_options
from components._base.kms import domain_key, log_delivery
from components._base.namespaces import NamespacePlan, make_namespace
from components._base.order import after, registered
from components._base.place import place_of
from components._base.required import all_given
from components._base.scope import Scope
from components.scans.args import SecurityScansArgs
from components.scans.comparison import make_comparison
from components.scans.objects import (
    ACCOUNT,
    PREFIX,
    Store,
    account,
    client_secret,
    cron_job,
    network_policy,
    program,
)
from components.scans.plan import NAMESPACE, ScansPlan, plan_scans
from components.service.objects import make, make_all
from components.storage.access import Bucket, BucketAccess, bucket_statements
from components.storage.bucket import make_bucket
from components.storage.spec import BucketSpec


class SecurityScans(pulumi.ComponentResource):
    """OWASP ZAP against each public service's OpenAPI document, in a namespace of its own.

    Give it the cluster's provider, and as `deleted_with` the cluster itself. There is one in a
    cluster, in namespace `scans`.

    Example: `SecurityScans("scans", {"targets": {"orders": {"url": "https://api.example.com",
    "document_url": "http://orders.services.svc:8000/openapi.json"}}, "environment": "prod", …},
    in_cluster(cluster, provider))`.
    """

    bucket_name: pulumi.Output[str]
    """Bucket with the reports: `reports/SERVICE/TIME/report.html`, `.json` and `.sarif.json`."""
    key_arn: pulumi.Output[str]
    """Key that encrypts them."""

    @all_given
    def __init__(
        self, name: str, args: SecurityScansArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_scans(args, name)
        own, control_plane = split_options(opts)
        super().__init__("fastapi-platform:index:SecurityScans", name, plan.given, own)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=plan.protect)
        place = place_of(self)
        key = domain_key(
            f"{name}-key",
            parent=self,
            description=f"Reports of {name}",
            statements=[log_delivery(self)],
            tags=scope.tags,
            protect=plan.protect,
        )
        made = make_bucket(scope, "reports", BucketSpec(expire_days=plan.spec.keep_days), key=key)
        bucket = Bucket("reports", made.name, made.arn, key.arn)
        make_comparison(scope, plan, bucket, key, place)
        _make_scans(Inside(scope, control_plane), plan, bucket, place.region)

        self.bucket_name = made.name
        self.key_arn = key.arn
        self.register_outputs({"bucketName": self.bucket_name, "keyArn": self.key_arn})


def _make_scans(inside: Inside, plan: ScansPlan, bucket: Bucket, region: pulumi.Input[str]) -> None:
    """Create the namespace, what scans need to start, and the scans."""
    scope = inside.scope
    namespace = make_namespace(inside, NamespacePlan(NAMESPACE))
    earlier = pulumi.Output.all(namespace.name, *(plan.args.get("requires") or ()))
    name = earlier.apply(lambda _: NAMESPACE)
    role = service_role(
        f"{scope.name}-role",
        parent=scope.parent,
        trust_policy=pod_identity_trust(),
        description=f"Pods of {scope.name}",
        inline={"reports": document(*bucket_statements(bucket, BucketAccess.WRITE, prefix=PREFIX))},
        tags=scope.tags,
    )
    identity = aws.eks.PodIdentityAssociation(
        f"{scope.name}-identity",
        cluster_name=plan.args["cluster_name"],
        namespace=name,
        service_account=ACCOUNT,
        role_arn=role.arn,
        tags=scope.tagged(f"{scope.name}-identity"),
        opts=scope.own,
    )
    needed = [
        *namespace.closed,
        identity,
        make(inside, account(), name),
        make(inside, network_policy(plan), name),
        *make_all(inside, client_secret(plan), name),
    ]
    store = Store(bucket.name, region)
    ready = registered(after(name, needed))
    for service in plan.services:
        config = make(inside, program(plan, service), name)
        make(inside, cron_job(plan, service, store), ready, after=[config])
