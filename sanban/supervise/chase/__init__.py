"""督办: the ladder of supervision, from a reminder to a circular, each slip an act with its own deadline (§4.1)."""
