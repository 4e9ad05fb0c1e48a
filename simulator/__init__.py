"""The embedded cloud: the real Pulumi engine on simulated AWS, Kubernetes and random providers."""

import gc

# The SDKs' modules are millions of objects that stay: with Python's own setting, a fifth of the
# time that it takes to import them goes into looking through them again and again.
gc.set_threshold(50_000, 20, 100)
