"""Why an act did not happen. Messages are in the user's words: what, where, how to mend it."""


class Refused(Exception):
    """The act is not possible as asked. Nothing was written but the refusal itself."""

    code = "refused"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.field = field


class Denied(Refused):
    """The actor has no right to the act."""

    code = "denied"


class Conflict(Refused):
    """The object changed since the actor last saw it."""

    code = "conflict"
