"""紧急查阅 (break-glass): two people open one object for an hour; all is told at once and reviewed after (§5.2)."""
