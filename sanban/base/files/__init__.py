"""Files: what was handed in, unchanged and in every version, checked for viruses, with its text read out."""
