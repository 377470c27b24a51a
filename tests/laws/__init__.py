"""The laws of the house, each as a check that can bite."""
