"""The calendar feed: what falls due for a person, read by the calendar of his own device."""
