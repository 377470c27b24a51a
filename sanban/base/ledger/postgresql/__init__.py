"""PostgreSQL as Django knows it, told in every transaction in whose name it is asked."""
