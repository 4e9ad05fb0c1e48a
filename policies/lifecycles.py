"""What piles up: old objects and images end; topics of Kafka outlive a broker."""

import re
from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.links import reference, unnamed
from policies.needs import Need, at_least, verdicts
from policies.rule import CONTROLS, Verdict, Violation, resource_policy, stack_policy
from policies.subject import Subject

BUCKET = "aws:s3/bucket:Bucket"
BUCKET_LIFECYCLES = (
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
REPOSITORY = "aws:ecr/repository:Repository"
IMAGE_LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
TOPIC = "aws:msk/topic:Topic"
BROKERS = "aws:msk/configuration:Configuration"

PROPERTIES: Mapping[str, str] = {
    "default.replication.factor": "3",
    "min.insync.replicas": "2",
    "unclean.leader.election.enable": "false",
}
"""What brokers must not be told otherwise, the numbers at least. What they are not told is so with
brokers in three zones, and can't be changed in express ones,
https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html (2026-11)."""


def _objects_end(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    yield from unnamed(
        [
            each
            for each in stack
            if each.type == BUCKET and not any(True for _ in each.each("lifecycleRules[]"))
        ],
        ("bucket", "id"),
        [reference(each, "bucket") for each in stack if each.type in BUCKET_LIFECYCLES],
        Violation(
            "keeps old versions and broken uploads for ever",
            "add a BucketLifecycleConfiguration that ends both",
        ),
    )


def _images_end(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    yield from unnamed(
        [each for each in stack if each.type == REPOSITORY],
        ("name",),
        [reference(each, "repository") for each in stack if each.type == IMAGE_LIFECYCLE],
        Violation("keeps every image for ever", "add a LifecyclePolicy for it"),
    )


def _durable(resource: Subject) -> Iterator[Verdict]:
    if resource.type == TOPIC:
        factor = "replicationFactor"
        replicas = resource.number("replicas")
        need = Need(factor, at_least(replicas), f"set {factor} to {replicas}")
        yield from verdicts(resource, need)
        return
    content = resource.get("serverProperties")
    if isinstance(content, UnknownValueError):
        yield content
        return
    told = dict(re.findall(r"^\s*([\w.]+)\s*=\s*(\S+)", str(content or ""), re.MULTILINE))
    for key, wanted in PROPERTIES.items():
        value = told.get(key, wanted)
        enough = value.isdigit() and int(value) >= int(wanted) if wanted.isdigit() else None
        if enough is False or (enough is None and value != wanted):
            yield Violation(f"has {key}={value}", f"set {key}={wanted} in serverProperties")


POLICIES: Sequence[Policy] = (
    stack_policy(
        _objects_end,
        name="bucket-lifecycle",
        display_name="Nobody pays for what nobody can see",
        description="Every bucket has a lifecycle.",
        types=(BUCKET, *BUCKET_LIFECYCLES),
        severity=Severity.LOW,
        remediation_steps=(
            "Let old versions expire and incomplete uploads be aborted; what must be kept is kept "
            "by a rule that says so."
        ),
        tags=("cost", "storage"),
        url=f"{CONTROLS}s3-controls.html#s3-13",
    ),
    stack_policy(
        _images_end,
        name="image-lifecycle",
        display_name="Old images end",
        description="Every image repository has a lifecycle policy.",
        types=(REPOSITORY, IMAGE_LIFECYCLE),
        severity=Severity.LOW,
        remediation_steps="Add a LifecyclePolicy that keeps as many images as you may go back to.",
        tags=("cost", "supply-chain"),
        url=f"{CONTROLS}ecr-controls.html#ecr-3",
    ),
    resource_policy(
        _durable,
        name="kafka-durable",
        display_name="A broker may be lost, a message may not",
        description="Topics have three replicas, two of which have each message before it counts.",
        types=(TOPIC, BROKERS),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Set replicationFactor to 3 in topics, and in the brokers' properties "
            "default.replication.factor=3, min.insync.replicas=2 and "
            "unclean.leader.election.enable=false; producers then use acks=all."
        ),
        tags=("kafka", "resilience"),
        url="https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html",
        settings={
            "replicas": {
                "type": "integer",
                "minimum": 1,
                "default": 3,
                "description": "Fewest replicas of a topic.",
            }
        },
    ),
)
