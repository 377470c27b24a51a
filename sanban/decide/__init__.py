"""决策: policies and what they oblige."""
