"""Ways to break how load is met: traffic, scaling, what ends by itself."""

from collections.abc import Iterator

from tests.policies.claims import PLUGIN, ROUTE, Claim, kind, through_the_gateway
from tests.policies.mutated import GONE

SERVER = "kubernetes:policy.linkerd.io/v1beta3:Server"
AUTHORIZATION = "kubernetes:policy.linkerd.io/v1alpha1:AuthorizationPolicy"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
SCALED_OBJECT = "kubernetes:keda.sh/v1alpha1:ScaledObject"


def _traffic() -> Iterator[Claim]:
    timeouts = {"spec.rules[].timeouts": GONE}
    yield Claim("route-timeout", ROUTE, timeouts, through_the_gateway)
    for match in ({"method": "POST"}, {"path": {"type": "PathPrefix", "value": "/"}}):
        change = {"spec.rules[].matches": [match]}
        yield Claim("retries-harmless", ROUTE, change, lambda route: "retried" in route.name)
    everywhere = ("gateway-request-size-limiting",)
    sized = kind("request-size-limiting")
    yield Claim("route-size-limited", PLUGIN, {"plugin": "acl"}, sized, without=everywhere)
    expired = {"config.claims_to_verify": ["nbf"]}
    yield Claim("token-expiry-verified", PLUGIN, expired, kind("jwt"))
    yield Claim("token-expiry-verified", PLUGIN, {"config.claims_to_verify": GONE}, kind("jwt"))
    for access in ("all-unauthenticated", "all-authenticated", "audit"):
        yield Claim("mesh-port-authorized", SERVER, {"spec.accessPolicy": access})
    everybody: dict[str, object] = {"spec.requiredAuthenticationRefs": []}
    yield Claim("mesh-port-authorized", AUTHORIZATION, everybody)


def _scaling() -> Iterator[Claim]:
    for scaler in (HPA, SCALED_OBJECT):
        yield Claim("autoscaler-present", scaler)
        yield Claim("autoscaler-present", scaler, {"spec.scaleTargetRef.name": "other"})
    yield Claim("autoscaler-present", DEPLOYMENT, {"spec.replicas": 3})
    for high, scaler in (("maxReplicas", HPA), ("maxReplicaCount", SCALED_OBJECT)):
        for most in (GONE, 5000, 0):
            yield Claim("autoscaler-bounds", scaler, {f"spec.{high}": most})
    by_use = [{"type": "cpu", "metadata": {"value": "70"}}]
    yield Claim("worker-scaled-by-queue", SCALED_OBJECT, {"spec.triggers": by_use})
    yield Claim("worker-scaled-by-queue", SCALED_OBJECT)
    table = "aws:dynamodb/table:Table"
    for mode in (GONE, "PROVISIONED"):
        yield Claim("table-capacity-scaled", table, {"billingMode": mode})


def _ends() -> Iterator[Claim]:
    lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    yield Claim("bucket-lifecycle", lifecycle)
    yield Claim("image-lifecycle", "aws:ecr/lifecyclePolicy:LifecyclePolicy")
    yield Claim("kafka-durable", "aws:msk/topic:Topic", {"replicationFactor": 1})
    for properties in ("min.insync.replicas=1", "unclean.leader.election.enable=true"):
        change = {"serverProperties": properties}
        yield Claim("kafka-durable", "aws:msk/configuration:Configuration", change)


CLAIMS: tuple[Claim, ...] = (*_traffic(), *_scaling(), *_ends())
