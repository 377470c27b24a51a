"""settings, addresses, commands."""
