"""接口: everything a page can do, for programs, under one address with one description."""
