"""权限: roles, levels and one expression tree that decides both "may" and "may see" (§5.2)."""
