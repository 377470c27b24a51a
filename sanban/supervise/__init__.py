"""监督: chasing, inspecting, answering for it."""
