"""OpenTelemetry's own collector, for tests: built from this folder's Go module."""
