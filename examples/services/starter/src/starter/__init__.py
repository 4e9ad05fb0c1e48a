"""Starter: quotes that hold for a while."""
