"""Working time: the axis every deadline is counted on, and the published calendar versions."""
