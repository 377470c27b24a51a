"""存证: how firmly everything stands, evidence to take away, and where the tables no longer follow from the ledger."""
