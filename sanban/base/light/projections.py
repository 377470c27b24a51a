"""Folding."""
