"""A newer version beside the one that serves, with a share of the requests."""

import math

from pydantic import Field, model_validator

from components._base.images import ImageReference
from components._base.spec import Spec

LARGEST_SHARE = 100


class CanarySpec(Spec):
    """A newer version that takes a share of the requests."""

    image: ImageReference
    """As the service's own `image`."""
    weight_percent: int = Field(10, ge=0, le=LARGEST_SHARE)
    """Its share of the requests; 0: none but those that name it (`http://NAME-canary…`)."""

    def share(self, replicas: int) -> int:
        """Return how many of `replicas` pods its share of the requests needs, 1 at least."""
        return max(1, math.ceil(replicas * self.weight_percent / LARGEST_SHARE))


class RolloutSpec(Spec):
    """How another version comes; nothing: by the Deployment, pod by pod."""

    canary: CanarySpec | None = None
    """A newer version that takes a share of the requests; default: none."""

    @model_validator(mode="after")
    def _of_something(self) -> "RolloutSpec":
        if not self.canary:
            raise ValueError("canary is missing; leave rollout out to roll out pod by pod")
        return self
