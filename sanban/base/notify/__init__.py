"""Messages: who is told of which act, in the site, by mail, by text message, and to other programs."""
