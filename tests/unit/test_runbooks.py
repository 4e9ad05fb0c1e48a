"""Pages about running the platform: what they name is there, and they say all that they have to."""

import ast
import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import cast

import pytest

from policies.pack import POLICIES
from tests.alerts.cases import every_alert
from tests.config.test_program import deployed
from tests.documented import DOCS, ROOT, Command, code, commands, text_of

RUNBOOKS = DOCS / "runbooks"

PROCEDURES = (
    *("first-deployment", "eks-upgrade", "node-rotation", "certificate-rotation"),
    *("secret-rotation", "kafka-scaling", "restore-from-backup", "region-loss", "incident-triage"),
    "../teardown",
)
SECTIONS = (
    *("When", "Before you start", "Steps", "How to check", "How to go back", "What can go wrong"),
)

PAGES = sorted(
    [
        *RUNBOOKS.glob("*.md"),
        *(DOCS / "decisions").glob("*.md"),
        *(DOCS / name for name in ("architecture.md", "security.md", "teardown.md")),
    ]
)
KEY = re.compile(r"platform:([a-zA-Z]+(?:\.[\w*/-]+)*)")

READERS_STACK = "prod-eu-central-1"
"""A stack that a page tells its reader to make."""

KINDS = frozenset(
    {
        *("NodeClaim", "NodePool", "PodMonitor", "ServiceAccount", "ServiceMonitor"),
        *("CertificateRequest", "SecretStore", "ServiceProfile", "PodDisruptionBudget"),
        *("ScaledObject", "ScaledJob", "GatewayClass", "CloudFront", "CloudTrail", "CloudWatch"),
        *("NetworkPolicy", "NetworkAuthentication", "ServiceNamespace", "AlertManager"),
        *("ElasticsearchCluster", "OpenSearchDomain", "ConfigMap", "FallbackConfiguration"),
        *("PrometheusRule", "ScheduledJob", "SecurityScans", "WorkerMode", "KafkaJS"),
        *("AlarmTopic", "PodEvictionFailure", "DisruptionBlocked", "SecretSynced"),
    }
)
"""What looks like the name of an alert and is none."""


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_procedure_has_every_part_and_none_is_a_stub(name: str):
    parts = re.split(r"^## (.+)$", text_of(RUNBOOKS / f"{name}.md"), flags=re.MULTILINE)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert [heading for heading in told if heading in SECTIONS] == list(SECTIONS)
    for heading in SECTIONS:
        assert len(told[heading].split()) >= 15, f"{heading} of {name}"
    assert "```" in told["Steps"], f"{name} has no command"
    assert "tools.md" in text_of(RUNBOOKS / f"{name}.md")


@pytest.mark.parametrize("name", sorted({alert.page for alert in every_alert()}))
def test_a_page_of_alerts_says_first_where_to_look(name: str):
    parts = re.split(r"^## (.+)$", text_of(RUNBOOKS / f"{name}.md"), flags=re.MULTILINE)
    assert parts[1] == "Where to look"
    assert "tools.md#" in parts[2]
    assert len(parts[2].partition("```sh\n")[2].splitlines()) >= 4


def test_keys_of_the_stack_file_are_there():
    found = {(page.name, key.rstrip(".")) for page in PAGES for key in KEY.findall(text_of(page))}
    assert len(found) > 80
    assert [key for key in sorted(found) if not is_setting(key[1])] == []


@cache
def schema() -> Mapping[str, object]:
    return json.loads((ROOT / "stacks" / "platform.schema.json").read_text(encoding="utf-8"))


def is_setting(key: str) -> bool:
    """Tell whether a stack file may have `platform:KEY`; capitals stand for any name."""
    config = cast("Mapping[str, Mapping[str, Mapping[str, object]]]", schema()["properties"])
    first, *rest = key.split(".")
    places = [config["config"]["properties"].get(f"platform:{first}")]
    for name in rest:
        places = [under for place in places if place for under in within(place, name)]
    return any(place is not None for place in places)


def within(place: Mapping[str, object], name: str) -> Iterator[Mapping[str, object]]:
    """Yield what the schema has at `name`, through references and alternatives."""
    if "$ref" in place:
        definitions = cast("Mapping[str, Mapping[str, object]]", schema()["$defs"])
        yield from within(definitions[str(place["$ref"]).rsplit("/", 1)[-1]], name)
    for other in cast("list[Mapping[str, object]]", place.get("anyOf", [])):
        yield from within(other, name)
    own = cast("Mapping[str, Mapping[str, object]]", place.get("properties", {}))
    if name in own:
        yield own[name]
    elif isinstance(place.get("additionalProperties"), dict):
        yield cast("Mapping[str, object]", place["additionalProperties"])


def called(*programs: str) -> list[Command]:
    return [command for page in PAGES for command in commands(page, *programs)]


def test_targets_of_make_are_there():
    targets = set(re.findall(r"^([a-z0-9-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    named = {word for command in called("make") for word in command.words[1:] if word.islower()}
    assert len(named) > 3
    assert named - targets == set()


def test_modules_are_there():
    named = {command.words[2] for command in called("python") if command.words[1] == "-m"}
    assert len(named) > 1
    assert [name for name in sorted(named) if not importlib.util.find_spec(name)] == []


def test_outputs_of_the_stack_are_there():
    exported = set(re.findall(r'pulumi\.export\("(\w+)"', text_of(ROOT / "__main__.py")))
    exported |= set(re.findall(r'"(\w+)": self\.', text_of(ROOT / "stacks" / "data.py")))
    asked = [c.words[3] for c in called("pulumi") if c.words[1:3] == ("stack", "output")]
    named = {word for word in asked if not word.startswith("-")}
    assert len(named) > 4
    assert named - exported == set()


def test_policies_are_there():
    named = {id_ for page in PAGES for id_ in re.findall(r"policies\.md#([\w-]+)", text_of(page))}
    assert len(named) > 5
    assert named - {policy.name for policy in POLICIES} == set()


def test_alerts_are_there():
    alerts = {alert.name for alert in every_alert()}
    starts = {first_word(name) for name in alerts}
    spans = {span.strip() for page in PAGES for span in code(text_of(page))}
    named = {span for span in spans if re.fullmatch(r"(?:[A-Z][a-z]+){2,}", span)}
    assert len(named & alerts) > 20
    assert {name for name in named - alerts if first_word(name) in starts} - KINDS == set()


def first_word(name: str) -> str:
    return re.findall(r"[A-Z][a-z]+", name)[0]


def test_tests_are_there():
    named = {
        found
        for page in PAGES
        for found in re.findall(r"(tests/[\w/]+\.py)::(test_\w+)", text_of(page))
    }
    assert len(named) > 10
    assert [
        f"{path}::{name}" for path, name in sorted(named) if name not in functions_of(path)
    ] == []


@cache
def functions_of(path: str) -> set[str]:
    tree = ast.parse(text_of(ROOT / path))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_files_are_there():
    shape = re.compile(r"[a-z][\w.-]*/[\w./-]+\.\w+")
    spans = {span for page in PAGES for span in code(text_of(page)) if shape.fullmatch(span)}
    ours = {span for span in spans if (ROOT / span.split("/")[0]).is_dir()}
    ours -= {span for span in ours if READERS_STACK in span}
    assert len(ours) > 4
    assert [span for span in sorted(ours) if not (ROOT / span).exists()] == []


def test_resources_are_there():
    made = {(r.type, r.name) for stack in ("prod", "dev") for r in deployed(stack).resources}
    types, names = {kind for kind, _ in made}, {name for _, name in made}
    asked = [c for c in called("ids", "id_of", "urn_of") if not c.words[1].startswith("$")]
    assert len(asked) > 30
    pairs = {c.words[1:3] for c in asked if c.words[0] == "id_of"}
    assert pairs - made == set()
    assert {c.words[1] for c in asked if c.words[0] == "ids"} - types == set()
    assert {c.words[1] for c in asked if c.words[0] == "urn_of"} - names == set()
