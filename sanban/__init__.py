"""三办协同云平台: decide, execute, supervise, study, over one base and one ledger."""
