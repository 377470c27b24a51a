"""The transparency log: every event gets a place in a tree whose root others can hold against us (LEDGER.md 5.4)."""
