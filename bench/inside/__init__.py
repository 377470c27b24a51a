"""What several benches share: load from outside, the house started as an operator starts it, peers, samples."""
