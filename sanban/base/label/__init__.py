"""The level of an object with its owner, its reason and the day it is looked at again (§5.2 分级)."""
