"""One index over what the rooms let be found, filtered by who asks; and the filters that people keep."""
