"""pages that join the wings; no models."""
