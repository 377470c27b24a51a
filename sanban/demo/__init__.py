"""The demonstration world: an invented province, its units, people, papers and work."""
