"""争议与仲裁: the one place of disputes, from the claim to a sealed ruling that duties follow (§5.1, §6.3, §9.1)."""
