"""机构与人员: units as a tree, posts, persons, roles, handovers and deputies (§4.1)."""
