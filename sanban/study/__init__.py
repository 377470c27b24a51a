"""研究: reading, learning, evaluating."""
