"""What a failed run says: each reason once, and nothing that the engine only adds to it."""

from pulumi.automation.events import DiagnosticEvent

from simulator.record import RunRecord

STACK = "urn:pulumi:local::fastapi-platform::pulumi:pulumi:Stack::fastapi-platform-local"
POLICY = "urn:pulumi:local::fastapi-platform::kubernetes:networking.k8s.io/v1:NetworkPolicy::it"


def explained(*said: tuple[str, str]) -> str:
    """Return the explanation of errors, each given as URN and message."""
    diagnostics = [DiagnosticEvent(text, "never", "error", urn=urn) for urn, text in said]
    return RunRecord(diagnostics=diagnostics).explain_failure()


def test_what_the_engine_adds_is_left_out():
    refused = (POLICY, "port is invalid")
    assert explained(refused, (STACK, "preview failed"), (STACK, "update failed"), refused) == (
        "it: port is invalid"
    )


def test_the_same_words_of_a_resource_are_its_reason():
    said = "preview failed: NetworkPolicy is invalid: spec.egress[0].ports[0].port: 70000"
    assert explained((POLICY, f"<{{%reset%}}>{said}\n"), (STACK, "preview failed")) == f"it: {said}"
