"""`platform:exemptions` of a stack file: what need not comply for a time, and why."""

from pydantic import Field, model_validator

from components._base.spec import Spec
from policies.exemptions import Exemption, today


class ExemptionSpec(Spec):
    """One policy that need not hold of some resources. What it covers stays a note in each run.

    It must name a policy that there is, and fails from the day after it expires.
    """

    policy: str
    """Id of the policy, e.g. `log-retention`."""
    resource: str
    """`TYPE::NAME`, e.g. `aws:s3/bucket:Bucket::storage-logs`, or an URN. In a name, `*` stands for
    any characters."""
    reason: str = Field(min_length=1)
    """Why that is right."""
    owner: str = Field(min_length=1)
    """Team that answers for it."""
    expires: str
    """Last day, in quotes, at most a year ahead, e.g. `"2027-01-31"`."""

    @model_validator(mode="after")
    def _holds(self) -> "ExemptionSpec":
        # Only a stack with exemptions pays for loading the policies.
        from policies.pack import RULES  # noqa: PLC0415

        known = [rule.name for rule in RULES]
        problems = Exemption(**self.model_dump()).problems(known, today())
        told = "; ".join(f"{field}: {problem}" for field, problem in problems)
        if told:
            raise ValueError(told)
        return self
