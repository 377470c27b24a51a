"""Reading room of the study: a policy text in, its measures, doers and dates out, each with its place in the text."""
