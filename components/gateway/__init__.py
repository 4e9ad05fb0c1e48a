"""The gateway: Kong, its ingress controller, and typed builders of plugins and routes."""
