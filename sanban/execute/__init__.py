"""执行: tasks and the means to do them."""
