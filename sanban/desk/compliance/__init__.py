"""The self-check 合规自检: each control of the protection standards is looked at live, and says what was seen."""
