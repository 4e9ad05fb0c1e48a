"""The pack on the real engine: `pulumi policy analyze` on exported states, offline."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from policies.environments import configuration
from policies.pack import POLICIES

PACK = Path(__file__).parents[2] / "policies" / "run-pack"
URN = "urn:pulumi:prod::fastapi-platform::"
AWS = "pulumi:providers:aws"
TAGS: dict[str, str] = dict.fromkeys(("Name", "environment", "owner", "project"), "x")

GOOD: dict[str, dict[str, object]] = {
    "aws:sqs/queue:Queue": {"sqsManagedSseEnabled": True},
    "aws:cloudwatch/logGroup:LogGroup": {"kmsKeyId": "arn", "retentionInDays": 30},
    "aws:ec2/launchTemplate:LaunchTemplate": {
        "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
        "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"encrypted": "true"}}],
    },
    "aws:eks/cluster:Cluster": {
        "vpcConfig": {"endpointPublicAccess": False},
        "encryptionConfig": {"provider": {"keyArn": "arn"}, "resources": ["secrets"]},
        "deletionProtection": True,
    },
}

BAD: dict[str, dict[str, object]] = {
    "aws:sqs/queue:Queue": {},
    "aws:cloudwatch/logGroup:LogGroup": {"kmsKeyId": "arn"},
    "aws:ec2/launchTemplate:LaunchTemplate": {
        **GOOD["aws:ec2/launchTemplate:LaunchTemplate"],
        "metadataOptions": {"httpTokens": "optional", "httpPutResponseHopLimit": 1},
    },
    "aws:eks/cluster:Cluster": {
        **GOOD["aws:eks/cluster:Cluster"],
        "vpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]},
    },
}


BROKER: dict[str, object] = {
    "encryptionOptions": {"useAwsOwnedKey": False, "kmsKeyId": "arn"},
    "logs": {"general": True},
}


@dataclass(frozen=True)
class Analysis:
    exit_code: int
    output: str


def exported(resources: dict[str, dict[str, object]], tags: dict[str, str]) -> object:
    """Return what `pulumi stack export` would give for these resources."""
    provider: dict[str, object] = {
        "urn": f"{URN}{AWS}::default",
        "custom": True,
        "id": "x",
        "type": AWS,
        "inputs": {},
    }
    states: list[dict[str, object]] = [
        {
            "urn": f"{URN}{type_}::main",
            "custom": True,
            "id": "main",
            "type": type_,
            "inputs": {**inputs, "tags": tags},
            "provider": f"{URN}{AWS}::default::x",
        }
        for type_, inputs in resources.items()
    ]
    manifest: dict[str, object] = {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""}
    return {"version": 3, "deployment": {"manifest": manifest, "resources": [provider, *states]}}


def analyze(cli: Path, work: Path, state: object, config: object = None) -> Analysis:
    (work / "state.json").write_text(json.dumps(state))
    command = [cli, "policy", "analyze", "--file", work / "state.json", "--policy-pack", PACK]
    if config is not None:
        (work / "config.json").write_text(json.dumps(config))
        command += ["--policy-pack-config", work / "config.json"]
    environment = {
        **os.environ,
        "FASTAPI_PLATFORM_PYTHON": sys.executable,
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(work / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    run = subprocess.run(
        command, cwd=work, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    return Analysis(run.returncode, run.stdout + run.stderr)


SPOKEN_OF = (
    *("encryption-at-rest", "eks-endpoint-allow-list", "imdsv2-required"),
    *("log-retention", "required-tags"),
)
OTHERS = {policy.name: "disabled" for policy in POLICIES if policy.name not in SPOKEN_OF}
"""What the few resources here say nothing of: each has tests of its own."""


def test_conforming_state_passes(pulumi_cli: Path, tmp_path: Path) -> None:
    result = analyze(pulumi_cli, tmp_path, exported(GOOD, TAGS), OTHERS)
    assert result.exit_code == 0, result.output
    assert "fastapi-platform@v" in result.output
    assert "mandatory" not in result.output
    assert "Traceback" not in result.output


def test_each_policy_stops_a_violating_state(pulumi_cli: Path, tmp_path: Path) -> None:
    result = analyze(pulumi_cli, tmp_path, exported(BAD, {"Name": "x"}))
    assert result.exit_code != 0
    assert "one or more mandatory policy violations were found" in result.output
    for sentence in (
        "encryption-at-rest: aws:sqs/queue:Queue 'main' is not compliant",
        "eks-endpoint-allow-list: aws:eks/cluster:Cluster 'main' has a public endpoint open to 0.0",
        "imdsv2-required: aws:ec2/launchTemplate:LaunchTemplate 'main' is not compliant",
        "required-tags: aws:sqs/queue:Queue 'main' lacks the tags 'environment'",
        "log-retention: aws:cloudwatch/logGroup:LogGroup 'main' keeps its logs for ever",
    ):
        assert sentence in result.output


def test_levels_and_settings_come_from_configuration(pulumi_cli: Path, tmp_path: Path) -> None:
    config = {
        **OTHERS,
        "encryption-at-rest": "advisory",
        "eks-endpoint-allow-list": "disabled",
        "imdsv2-required": {"enforcementLevel": "advisory"},
        "log-retention": "disabled",
        "required-tags": {"required": ["Name"]},
    }
    result = analyze(pulumi_cli, tmp_path, exported(BAD, {"Name": "x"}), config)
    assert result.exit_code == 0, result.output
    assert "[advisory] [severity: high]  encryption-at-rest" in result.output
    assert "log-retention" not in result.output


def test_development_is_told_what_production_refuses(pulumi_cli: Path, tmp_path: Path) -> None:
    """Levels per environment, from the files that `--policy-pack-config` takes."""
    single = {"aws:mq/broker:Broker": {**BROKER, "deploymentMode": "SINGLE_INSTANCE"}}
    results = {
        stack: analyze(pulumi_cli, tmp_path, exported(single, TAGS), config)
        for stack, config in (("dev", configuration("dev")), ("prod", configuration("prod")))
    }
    assert results["dev"].exit_code == 0, results["dev"].output
    assert "[advisory] [severity: medium]  multi-az" in results["dev"].output
    assert results["prod"].exit_code != 0
    assert "[mandatory] [severity: medium]  multi-az" in results["prod"].output


def test_wrong_configuration_is_refused(pulumi_cli: Path, tmp_path: Path) -> None:
    config = {"log-retention": {"minDays": "a week"}}
    result = analyze(pulumi_cli, tmp_path, exported(GOOD, TAGS), config)
    assert result.exit_code != 0
    assert "log-retention: minDays: Invalid type. Expected: integer" in result.output
