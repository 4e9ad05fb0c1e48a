"""What the platform promises to a team, and how each promise is kept.

`python -m policies.guidelines` writes docs/guidelines.md from it; a test
(`tests/policies/test_guidelines.py`) looks for all that is named.
"""

from collections.abc import Sequence

from policies.guidelines import calls, data, observation, security
from policies.guidelines.guideline import Guideline

GUIDELINES: Sequence[Guideline] = (
    *calls.GUIDELINES,
    *security.GUIDELINES,
    *data.GUIDELINES,
    *observation.GUIDELINES,
)
