"""Which standards a policy answers, beside the one that the engine is told."""

from collections.abc import Mapping

from pulumi_policy import Policy, PolicyComplianceFramework

from policies.rule import framework

CIS_EKS = "CIS Amazon EKS Benchmark"
CIS_EKS_VERSION = "1.7.0"
"""https://www.cisecurity.org/benchmark/kubernetes; kube-bench has its numbers (2026-11)"""

IN_CIS_EKS: Mapping[str, str] = {
    "container-confined": "4.2.5",
    "ecr-immutable-scanned": "5.1.1",
    "eks-control-plane-logs": "2.1.1",
    "eks-endpoint-allow-list": "5.4.1, 5.4.2",
    "encryption-at-rest": "5.3.1",
    "listener-encrypted": "5.4.5",
    "no-host-access": "4.2.1, 4.2.2, 4.2.3, 4.2.4",
}
"""Recommendations, by policy."""

WELL_ARCHITECTED = "AWS Well-Architected Framework"
WELL_ARCHITECTED_VERSION = "2025-02"
"""https://docs.aws.amazon.com/wellarchitected/latest/framework/appendix.html (2026-11)"""

QUESTIONS: Mapping[str, str] = {
    "alerting": "OPS 8, REL 6",
    "availability": "REL 11",
    "compute": "SEC 6",
    "cors": "SEC 11",
    "cost": "COST 3",
    "data-protection": "SEC 8",
    "edge": "SEC 5",
    "encryption": "SEC 8, SEC 9",
    "exposure": "SEC 5",
    "gateway": "REL 5",
    "governance": "SEC 1",
    "headers": "SEC 11",
    "identity": "SEC 2, SEC 3",
    "isolation": "SEC 6",
    "logging": "OPS 4, SEC 4",
    "mesh": "SEC 9",
    "metrics": "OPS 4, REL 6",
    "network": "SEC 5",
    "observability": "OPS 4, REL 6",
    "resilience": "REL 9, REL 10",
    "scaling": "REL 7",
    "secrets": "SEC 2",
    "supply-chain": "SEC 6, SEC 11",
    "tagging": "COST 3",
    "tracing": "OPS 4",
}
"""Questions of the framework that a policy helps to answer, by its tags."""

ANY = "SEC 1"
"""How a workload is operated securely: by guard rails, whatever they are about."""


def standards(policy: Policy) -> list[PolicyComplianceFramework]:
    """Return every standard that a policy maps to, its own first."""
    found = [policy.framework] if policy.framework else []
    recommendation = IN_CIS_EKS.get(policy.name)
    if recommendation:
        found.append(framework(recommendation, CIS_EKS, CIS_EKS_VERSION))
    questions = [QUESTIONS[tag] for tag in policy.tags or () if tag in QUESTIONS]
    unique = dict.fromkeys(part for text in questions or [ANY] for part in text.split(", "))
    found.append(framework(", ".join(unique), WELL_ARCHITECTED, WELL_ARCHITECTED_VERSION))
    return found


def group(policy: Policy) -> str:
    """Return the subject of a policy: its first tag."""
    return next(iter(policy.tags or ()), "")
