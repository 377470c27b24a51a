"""The palette: jump to a page, run an act, open anything that can be found, by a few letters."""
