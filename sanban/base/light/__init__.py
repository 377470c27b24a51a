"""Lights: when a commitment turns amber and red, and why."""
