"""看护: who has seen what, what was refused and why, and how sight is asked for (§5.2 数据溯源、越权拦截)."""
