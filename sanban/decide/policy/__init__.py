"""政策文件: policies, their measures with the exact sentence, and their indicators-to-be (§3.4, §4.3)."""
