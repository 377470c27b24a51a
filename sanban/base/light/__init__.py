"""亮灯: red, amber and green for anything with a term; colour is computed from stored instants (§4.1, §7.3)."""
