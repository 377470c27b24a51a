"""台账: the append-only stream of everything that happened, and the tables folded from it (§5.2, §6.3)."""
