"""One sentence first, six measures, units and their lights, own work, what is late, the trend."""
