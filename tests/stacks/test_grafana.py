"""Grafana on the real engine: what changes in place, and that a destroy leaves nothing."""

from typing import cast

import pulumi

from components.grafana import Grafana, GrafanaArgs
from simulator.session import Program
from tests.engine.conftest import Bench
from tests.stacks.changes import make_cluster, preview, up
from tests.unit.test_grafana import PROD

TAGS = {"owner": "me", "environment": "local", "project": "test", "managed-by": "pulumi"}
ORDERS = {"uses": {"cache": True}}


def platform(**given: object) -> Program:
    def program() -> None:
        cluster, provider = make_cluster()
        inside = pulumi.ResourceOptions(provider=provider, deleted_with=cluster)
        args = {"namespace": "observability", "tags": TAGS, **given}
        grafana = Grafana("grafana", cast("GrafanaArgs", args), inside)
        pulumi.export("url", grafana.url)

    return program


def test_a_new_service_is_a_change_of_dashboards_alone(local: Bench):
    """Grafana's pod reads mounted files that change: it need not start anew."""
    assert set(up(local, platform(workloads={"orders": ORDERS})).values()) == {"create"}
    more = platform(workloads={"orders": ORDERS, "catalog": {}})
    # The provider makes another ConfigMap of that name; the release is not touched.
    assert up(local, more) == {"grafana-dashboards-services": "create-replacement"}
    assert preview(local, more) == {}


def test_single_sign_on_comes_later_and_all_goes_with_the_cluster(local: Bench):
    up(local, platform())
    done = up(local, platform(**PROD))
    assert done["grafana-grafana"] == "update"
    assert "grafana-key-password" not in done  # the database keeps its key
    with local.open(platform(**PROD), policies=()) as session:
        assert session.outputs()["url"] == "https://grafana.example.com/"
        order = [step.urn.rsplit("::", 1)[-1] for step in session.destroy().steps()]
    assert "eks" in order
    assert order.index("grafana-reader-identity") < order.index("eks")
