"""The readers that turn a file into text. They know no Django: they run in a child process with limits."""
