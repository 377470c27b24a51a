"""Which words of the command connect as which role of the database. Read before Django stands."""

OWNER, WEB, SEQUENCER = "owner", "web", "sequencer"


def role_of(words: list[str]) -> str:
    """As which role the command with these words connects."""
    word = next((word for word in words if not word.startswith("-")), "")
    if word in ("log", "rotate-key"):
        return SEQUENCER
    return OWNER if word in ("migrate", "up", "demo", "found", "backup", "restore") else WEB
