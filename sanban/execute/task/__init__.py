"""任务: assign, acknowledge, break down, report, extend, conclude, verify, close out; the whole life (§3.4, §6.3)."""
