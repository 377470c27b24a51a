"""权限规则: every rule in words and as Cedar text, and why one person may or may not see one object."""
