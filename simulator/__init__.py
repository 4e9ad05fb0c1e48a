"""The embedded cloud: the real Pulumi engine on simulated AWS, Kubernetes and random providers."""
