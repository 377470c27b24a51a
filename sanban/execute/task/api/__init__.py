"""Tasks for programs: reading and the verbs."""

from sanban.execute.task.api import verbs
from sanban.execute.task.api.reading import operations

router = operations.router
OFFERED = (operations, verbs)
