"""What most tests of messages start from."""

import pytest

from sanban.base.notify.tests.office import opened
from sanban.execute.task.tests.office import Office


@pytest.fixture
def office() -> Office:
    """Offices and departments with their people, and no message yet."""
    return opened()
