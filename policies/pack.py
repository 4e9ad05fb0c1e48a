"""All policies of the pack, in the order in which they are documented."""

from pulumi_policy import Policy

from policies import (
    alerts,
    authentication,
    availability,
    backups,
    compute,
    consoles,
    containers,
    deletion,
    encryption,
    escalation,
    exemptions,
    exposure,
    gateway,
    keys,
    logs,
    mesh,
    observed,
    plaintext,
    ports,
    privileges,
    queues,
    serverless,
    spread,
    store_logs,
    stores,
    supply,
    tagging,
    transit,
)

NAME = "fastapi-platform"

RULES: tuple[Policy, ...] = (
    *encryption.POLICIES,
    *transit.POLICIES,
    *keys.POLICIES,
    *exposure.POLICIES,
    *stores.POLICIES,
    *ports.POLICIES,
    *authentication.POLICIES,
    *privileges.POLICIES,
    *escalation.POLICIES,
    *plaintext.POLICIES,
    *compute.POLICIES,
    *supply.POLICIES,
    *availability.POLICIES,
    *backups.POLICIES,
    *deletion.POLICIES,
    *tagging.POLICIES,
    *logs.POLICIES,
    *store_logs.POLICIES,
    *observed.POLICIES,
    *alerts.POLICIES,
    *consoles.POLICIES,
    *containers.POLICIES,
    *spread.POLICIES,
    *mesh.POLICIES,
    *gateway.POLICIES,
    *serverless.POLICIES,
    *queues.POLICIES,
)

POLICIES: tuple[Policy, ...] = (*RULES, exemptions.justified([rule.name for rule in RULES]))
