"""证据包: everything that happened to an object, with proofs that anybody can check without us (§6.3, §9.4)."""
