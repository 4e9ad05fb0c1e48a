"""Which standards a policy answers: the one table of it.

A policy is mapped to a control where what violates the policy fails the control too, of the
resources that both look at. A control may ask for more than its policy, and mostly looks at what
is deployed: that a policy holds is no attestation.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi_policy import Policy, PolicyComplianceFramework


@dataclass(frozen=True)
class Standard:
    """A standard, and what of it policies answer."""

    name: str
    version: str
    references: Mapping[str, str]
    """Its controls, by policy."""

    def answered(self, policy: str) -> PolicyComplianceFramework | None:
        """Return what a policy answers, if anything."""
        reference = self.references.get(policy)
        if reference is None:
            return None
        return PolicyComplianceFramework(name=self.name, version=self.version, reference=reference)


FSBP = Standard(
    "AWS Foundational Security Best Practices",
    "1.0.0",
    {
        "api-access-logs": "APIGateway.9",
        "api-route-authorized": "APIGateway.8",
        "backups-enabled": "DynamoDB.2, ElastiCache.1, RDS.11",
        "bucket-lifecycle": "S3.13",
        "cdn-encrypted": "CloudFront.3, CloudFront.9, CloudFront.10",
        "data-store-logs": "MQ.2, Opensearch.4, Opensearch.5, RDS.9, RDS.34",
        "default-security-group-closed": "EC2.2",
        "deletion-protection": ("DocumentDB.5, DynamoDB.6, ELB.6, Neptune.4, RDS.7, RDS.8"),
        "ecr-immutable-scanned": "ECR.1, ECR.2",
        "eks-control-plane-logs": "EKS.8",
        "eks-endpoint-allow-list": "EKS.1",
        "encryption-at-rest": (
            "DocumentDB.1, EC2.3, ElastiCache.4, Neptune.1, Opensearch.1, RDS.3, RDS.27, SQS.1"
        ),
        "encryption-in-transit": "ElastiCache.5, MSK.1, Opensearch.3, Opensearch.8, S3.5",
        "image-lifecycle": "ECR.3",
        "imdsv2-required": "AutoScaling.3, AutoScaling.4, EC2.8, EC2.170",
        "lambda-callers-named": "Lambda.1",
        "lambda-runtime-supported": "Lambda.2",
        "listener-encrypted": "ELB.1, ELB.17",
        "load-balancer-hardened": "ELB.4, ELB.5, ELB.12",
        "multi-az": "ElastiCache.3, Opensearch.6, RDS.5",
        "no-public-access-policy": "KMS.5, S3.2, S3.3, SNS.4, SQS.3",
        "no-public-admin-port": "EC2.18, EC2.19",
        "no-public-data-port": "EC2.18, EC2.19",
        "no-public-data-store": "MSK.4, Opensearch.2, RDS.2, Redshift.1, S3.1, S3.8",
        "no-static-credentials": "IAM.2",
        "no-unauthenticated-access": "ElastiCache.6, MSK.6, Opensearch.7",
        "no-wildcard-iam": "IAM.1, IAM.21",
        "public-front-firewalled": "APIGateway.4, CloudFront.6",
        "table-capacity-scaled": "DynamoDB.1",
        "vpc-flow-logs": "EC2.6",
    },
)
"""https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html: each id compared
with the controls of that page as the AWS compliance mod of Powerpipe has them (2025-12), 2026-11.

Without those that AWS has in other standards only (KMS.4, Lambda.7, MQ.5, MQ.6), those that ask
for something else (APIGateway.1, KMS.3), and EKS.3, of which public copies of the page differ."""

NIST = Standard(
    "NIST SP 800-53",
    "5",
    {
        "allowed-networks": "SC-7",
        "data-store-apart": "SC-7",
        "firewall-logged": "AU-12",
        "justified-exemptions": "CA-5",
        "kms-rotation": "SC-12",
        "log-retention": "AU-11",
        "no-admin-attached": "AC-6",
        "no-plain-secrets": "IA-5(7)",
        "no-privilege-escalation": "AC-6(10)",
        "secrets-recovery": "SC-12",
    },
)
"""https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final (2026-11)"""

PSS = Standard(
    "Kubernetes Pod Security Standards",
    "1.36",
    {"container-confined": "Restricted", "no-host-access": "Baseline"},
)
"""https://kubernetes.io/docs/concepts/security/pod-security-standards/ (2026-11)"""

CIS_EKS = Standard(
    "CIS Amazon EKS Benchmark",
    "1.8.0",
    {
        "container-confined": "4.2.5",
        "ecr-immutable-scanned": "5.1.1",
        "eks-control-plane-logs": "2.1.1",
        "eks-endpoint-allow-list": "5.4.1, 5.4.2",
        "encryption-at-rest": "5.3.1",
        "listener-encrypted": "5.4.5",
        "no-host-access": "4.2.1, 4.2.2, 4.2.3, 4.2.4",
    },
)
"""https://www.cisecurity.org/benchmark/kubernetes: numbers and what each asks for as kube-bench has
them, https://github.com/aquasecurity/kube-bench/tree/main/cfg/eks-1.8.0 (2026-06), 2026-11."""

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
"""Questions of the Well-Architected Framework that a policy helps to answer, by its tags.

https://docs.aws.amazon.com/wellarchitected/latest/framework/appendix.html (2026-11)
"""

ANY = "SEC 1"
"""How a workload is operated securely: by guard rails, whatever they are about."""


def own(policy: str) -> PolicyComplianceFramework | None:
    """Return the one standard that the engine is told of."""
    return next((found for each in (FSBP, NIST, PSS) if (found := each.answered(policy))), None)


def standards(policy: Policy) -> list[PolicyComplianceFramework]:
    """Return every standard that a policy maps to, its own first."""
    found = [each.answered(policy.name) for each in (FSBP, NIST, PSS, CIS_EKS)]
    questions = [QUESTIONS[tag] for tag in policy.tags or () if tag in QUESTIONS]
    unique = dict.fromkeys(part for text in questions or [ANY] for part in text.split(", "))
    framework = PolicyComplianceFramework(
        name="AWS Well-Architected Framework", version="2025-02", reference=", ".join(unique)
    )
    return [*(each for each in found if each), framework]


def group(policy: Policy) -> str:
    """Return the subject of a policy: its first tag."""
    return next(iter(policy.tags or ()), "")
