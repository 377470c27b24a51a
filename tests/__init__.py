"""Tests that belong to no single room: the laws of the house, end to end, in the browser."""
