"""Upgrade safety: what each stack consists of, and whether a release would lose any of it."""
