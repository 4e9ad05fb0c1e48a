"""Language hosts: what the engine starts to run a program in YAML, or a plugin in Python.

Both come with the Pulumi CLI. An engine that was built from its Go module has neither.
"""
