"""What `Metrics` will make, computed before anything is made."""

from dataclasses import dataclass

from components._base.errors import InvalidInput, Problem
from components._base.names import check_name
from components._base.spec import read_spec
from components.addons.plan import OWNER_TAGS
from components.metrics.args import ElasticsearchMetricsArgs, MetricsArgs
from components.metrics.spec import MetricsSpec

MIB_PER_GIB = 1024

USED_OF_DISK = 0.8
"""The rest is for the write-ahead log, and for what compaction writes before it deletes.

https://prometheus.io/docs/prometheus/latest/storage/#right-sizing-retention-size (2026-11)
"""

MOST_OF_MEMORY = 1.5
"""Of what a pod is sure to get: a restart reads the write-ahead log back, and takes more for it."""


@dataclass(frozen=True)
class MetricsPlan:
    """Prometheus, Alertmanager, and what they have to do with."""

    spec: MetricsSpec
    sns: bool
    """There is a topic."""
    receiver_secrets: dict[str, str]
    """Secrets of Secrets Manager with what receivers are reached by, by key in the Secret."""

    @property
    def retention_size(self) -> str:
        """Most bytes of samples of each pod."""
        return f"{int(self.spec.prometheus.disk_gib * MIB_PER_GIB * USED_OF_DISK)}MB"

    @property
    def memory_limit_mib(self) -> int:
        """MiB at which Prometheus is killed."""
        return int(self.spec.prometheus.memory_mib * MOST_OF_MEMORY)


def plan_metrics(args: MetricsArgs, name: str = "metrics") -> MetricsPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"Metrics {name!r}"
    check_name(name, owner)
    spec = read_spec(MetricsSpec, MetricsArgs, args, owner)
    receivers = {"heartbeat": spec.heartbeat, "pagerduty": spec.pagerduty, "slack": spec.slack}
    secrets = {key: given.secret_arn for key, given in receivers.items() if given}
    problems: list[Problem] = []
    if secrets and args.get("secret_store") is None:
        reason = f"is needed, as {' and '.join(sorted(secrets))} come by a secret"
        problems.append(Problem("secret_store", reason))
    untagged = [tag for tag in OWNER_TAGS if tag not in (args.get("tags") or {})]
    if spec.cloudwatch and untagged:
        reason = f"{' and '.join(untagged)} are needed with cloudwatch, which finds resources by it"
        problems.append(Problem("tags", reason))
    if args.get("alarm_topic_key_arn") is not None and args.get("alarm_topic_arn") is None:
        problems.append(Problem("alarm_topic_key_arn", "is of use with alarm_topic_arn only"))
    search = args.get("elasticsearch")
    missing = sorted(ElasticsearchMetricsArgs.__required_keys__.difference(search or ()))
    if search is not None and missing:
        problems.append(Problem("elasticsearch", f"{', '.join(missing)} are missing"))
    if problems:
        raise InvalidInput(owner, problems)
    return MetricsPlan(spec, args.get("alarm_topic_arn") is not None, secrets)
