"""Alerts by what they are about: one module for each part of the platform."""
