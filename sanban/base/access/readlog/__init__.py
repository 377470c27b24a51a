"""查阅登记: who was shown what, when and how; kept beside the ledger, provable through it (§5.2 数据溯源)."""
