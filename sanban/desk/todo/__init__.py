"""What waits for me, soonest first, with the next verb."""
