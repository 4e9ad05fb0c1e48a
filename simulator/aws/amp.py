"""Amazon Managed Service for Prometheus."""

from collections.abc import Iterable

from simulator.cloud.model import Json, Model, Request, Seconds

WAITS = "the provider waits until the workspace is ACTIVE; seconds in practice"


def _outputs(request: Request) -> Json:
    return {
        "arn": request.arn("aps", f"workspace/{request.id}"),
        "prometheusEndpoint": (
            f"https://aps-workspaces.{request.region}.amazonaws.com/workspaces/{request.id}/"
        ),
    }


def _refuse(request: Request) -> Iterable[str]:
    group = request.part("loggingConfiguration").get("logGroupArn")
    if isinstance(group, str) and not group.endswith(":*"):
        yield "loggingConfiguration.logGroupArn: ValidationException: has to end in ':*'"


MODELS = {
    "aws:amp/workspace:Workspace": Model(
        identity=lambda r: f"ws-{r.uuid()}",
        outputs=_outputs,
        # https://docs.aws.amazon.com/prometheus/latest/APIReference/API_CreateWorkspace.html
        # (2026-11): neither an update of the alias nor one of the log needs another workspace.
        replaces=frozenset({"kmsKeyArn"}),
        seconds=Seconds(15, 5, 15, WAITS),
        refuses=_refuse,
    ),
}
