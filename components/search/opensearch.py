"""A managed OpenSearch domain in the VPC."""

from collections.abc import Sequence
from typing import Optional, cast

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components._base.clients import Port, store_security_group
from components._base.kms import domain_key, log_delivery
from components._base.order import after
from components._base.place import Place, place_of
from components._base.required import all_given
from components._base.scope import Scope
from components._base.secret import generated_secret
from components.search.opensearch_access import callers_of, make_admin_role, make_domain_policy
from components.search.opensearch_alarms import make_domain_alarms
from components.search.opensearch_args import OpenSearchArgs, OpenSearchAuth
from components.search.opensearch_domain import Master, make_domain
from components.search.opensearch_logs import make_logs
from components.search.opensearch_plan import SUFFIX_LENGTH, OpenSearchPlan, plan_opensearch

HTTPS = Port(443, "https")

ADMIN = "admin"
"""User name that goes with the generated password."""


class OpenSearchDomain(pulumi.ComponentResource):
    """An Amazon OpenSearch Service domain: in the VPC only, encrypted, watched, and logged.

    It depends on the network alone. Clients come in by ingress rules and by the domain's policy,
    both of which may follow later.

    Example: `OpenSearchDomain("search", {"vpc_id": network.vpc_id, "subnet_ids":
    network.data_subnet_ids, "clients": {"cluster": cluster.security_group_id}})`.
    """

    endpoint: pulumi.Output[str]
    """URL of the REST API."""
    ca_secret: pulumi.Output[str]
    """Empty: Amazon's public authority signs the endpoint's certificate."""
    secret: pulumi.Output[str]
    """ARN of the secret with `username` and `password`; empty when `auth` is iam."""
    security_group_id: pulumi.Output[str]
    """The domain's security group."""
    domain_name: pulumi.Output[str]
    """Name in AWS."""
    domain_arn: pulumi.Output[str]
    """ARN, for `read_statements` and `read_write_statements`."""
    dashboard_url: pulumi.Output[str]
    """URL of OpenSearch Dashboards, within the VPC."""
    key_arn: pulumi.Output[str]
    """The key of indices, logs and secret, for whoever reads the secret."""
    admin_role_arn: pulumi.Output[str]
    """The role that administers the domain; empty when `auth` is password."""

    @all_given
    def __init__(
        self, name: str, args: OpenSearchArgs, opts: Optional[pulumi.ResourceOptions] = None
    ) -> None:
        plan = plan_opensearch(args, name)
        spec = plan.spec
        super().__init__("fastapi-platform:index:OpenSearchDomain", name, dict(args), opts)
        scope = Scope(name, parent=self, tags=args.get("tags") or {}, protect=spec.protect)
        place = place_of(self)
        domain_name = _physical_name(scope, plan)
        # Known before the domain is: its logs and its admin are told of it in advance.
        planned_arn = place.arn("es", pulumi.Output.concat("domain/", domain_name))

        key = _key(scope)
        group = store_security_group(
            scope,
            vpc_id=args["vpc_id"],
            ports=[HTTPS],
            clients=args.get("clients") or {},
            description=f"Search domain {name}",
        )
        logs = make_logs(
            scope,
            place,
            key=key,
            retention_days=spec.log_retention_days,
            domain_name=domain_name,
            domain_arn=planned_arn,
        )
        master = _master(scope, plan, args, place, key=key, domain_arn=planned_arn)
        domain = make_domain(
            scope,
            spec,
            domain_name=domain_name,
            key=key,
            subnet_ids=after(_subnets(args), _service_linked_role(scope, plan)),
            security_group_id=group.id,
            logs=logs,
            master=master,
        )
        policy = make_domain_policy(
            scope,
            domain,
            domain_arn=domain.arn,
            callers=callers_of(master.role_arn, args.get("client_roles") or {})
            if master.role_arn is not None
            else (),
        )
        make_domain_alarms(
            scope,
            spec,
            dimensions={"DomainName": domain.domain_name, "ClientId": place.account},
            topic_arn=args.get("alarm_topic_arn"),
        )

        # Whoever is given the endpoint may call it.
        self.endpoint = after(pulumi.Output.concat("https://", domain.endpoint), [policy])
        self.ca_secret = pulumi.Output.from_input("")
        self.secret = pulumi.Output.from_input(master.secret_arn)
        self.security_group_id = group.id
        self.domain_name = domain.domain_name
        self.domain_arn = domain.arn
        self.dashboard_url = pulumi.Output.concat("https://", domain.dashboard_endpoint)
        self.key_arn = key.arn
        self.admin_role_arn = pulumi.Output.from_input(master.role_arn or "")
        self.register_outputs(
            {
                "endpoint": self.endpoint,
                "caSecret": self.ca_secret,
                "secret": self.secret,
                "securityGroupId": self.security_group_id,
                "domainName": self.domain_name,
                "domainArn": self.domain_arn,
                "dashboardUrl": self.dashboard_url,
                "keyArn": self.key_arn,
                "adminRoleArn": self.admin_role_arn,
            }
        )


def _physical_name(scope: Scope, plan: OpenSearchPlan) -> pulumi.Output[str]:
    """Return the domain's name: short, and with a random suffix that is kept for good.

    Autonaming does not do: it refuses long logical names, and the policy by which the service
    writes its logs speaks of the domain before there is one.
    """
    suffix = random.RandomString(
        f"{scope.name}-suffix", length=SUFFIX_LENGTH, special=False, upper=False, opts=scope.own
    )
    return pulumi.Output.concat(plan.domain_prefix, "-", suffix.result)


def _key(scope: Scope) -> aws.kms.Key:
    return domain_key(
        f"{scope.name}-data",
        parent=scope.parent,
        description=f"Indices and logs of search domain {scope.name}",
        statements=[log_delivery(scope.parent)],
        via_services=("es",),
        tags=scope.tags,
        protect=scope.protect,
    )


def _master(
    scope: Scope,
    plan: OpenSearchPlan,
    args: OpenSearchArgs,
    place: Place,
    *,
    key: aws.kms.Key,
    domain_arn: pulumi.Output[str],
) -> Master:
    if plan.spec.auth is OpenSearchAuth.IAM:
        given = args.get("admin_role_arn")
        return Master(role_arn=given or make_admin_role(scope, place, domain_arn).arn)
    made = generated_secret(
        scope,
        ADMIN,
        key=key,
        body=lambda password: pulumi.Output.json_dumps(
            {"username": ADMIN, "password": password}, sort_keys=True
        ),
        description=f"Administrator of search domain {scope.name}",
        # OpenSearch wants one of each kind; these need no escaping in a URL or a shell
        special="-_",
        version=plan.spec.password_version,
    )
    return Master(user=ADMIN, password=made.password, secret_arn=made.secret_arn)


def _subnets(args: OpenSearchArgs) -> pulumi.Output[Sequence[str]]:
    ids = pulumi.Output.from_input(args["subnet_ids"])
    return ids.apply(lambda found: cast("Sequence[str]", found))


def _service_linked_role(scope: Scope, plan: OpenSearchPlan) -> list[pulumi.Resource]:
    """Create the role through which the service puts interfaces into a VPC, if it is wanted."""
    if not plan.spec.service_linked_role:
        return []
    child = f"{scope.name}-service"
    return [
        aws.iam.ServiceLinkedRole(
            child,
            aws_service_name="opensearchservice.amazonaws.com",
            description="Interfaces of search domains",
            tags=scope.tagged(child),
            opts=scope.own,
        )
    ]
