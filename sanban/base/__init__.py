"""knows no business."""
