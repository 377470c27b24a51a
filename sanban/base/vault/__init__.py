"""Encryption at rest by level: data keys that can be destroyed, under keys that two people hold for work secrets."""
