"""MSK's open monitoring: each broker serves Kafka's figures and its host's, to who gets there."""

from collections.abc import Sequence
from typing import cast

import pulumi

from components._base.inside import Inside
from components._base.objects import CustomObject
from components.metrics.network import MSK_PORTS

JOB = "msk"

EXPORTERS = dict(zip(("jmx", "node"), MSK_PORTS, strict=True))

INTERVAL = "60s"
"""As AWS advises: a broker has tens of thousands of figures.

https://docs.aws.amazon.com/msk/latest/developerguide/open-monitoring.html (2026-11)
"""


def make_broker_scrape(
    inside: Inside,
    *,
    namespace: pulumi.Input[str],
    brokers: pulumi.Input[Sequence[pulumi.Input[str]]],
    after: Sequence[pulumi.Resource],
) -> pulumi.Resource:
    """Create the `ScrapeConfig`, once the brokers are there; nothing else waits for them."""
    options = inside.own
    options.depends_on = list(after)
    hosts = pulumi.Output.from_input(brokers)
    return CustomObject(
        f"{inside.scope.name}-brokers",
        api_version="monitoring.coreos.com/v1alpha1",
        kind="ScrapeConfig",
        metadata={"name": JOB, "namespace": namespace},
        fields={
            "spec": {
                "jobName": JOB,
                "scrapeInterval": INTERVAL,
                "scrapeTimeout": "30s",
                "staticConfigs": hosts.apply(
                    lambda names: _static_configs(cast("Sequence[str]", names))
                ),
                # The operator names the job after the object, and puts its kind in front.
                "relabelings": [{"targetLabel": "job", "replacement": JOB}],
            }
        },
        opts=options,
    )


def _static_configs(hosts: Sequence[str]) -> list[dict[str, object]]:
    return [
        {
            "targets": [f"{host}:{port}" for host in sorted(hosts)],
            "labels": {"exporter": exporter},
        }
        for exporter, port in EXPORTERS.items()
    ]
