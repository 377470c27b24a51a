"""What most tests of tasks start from."""

import pytest

from sanban.execute.task.tests.office import Office, open_office


@pytest.fixture
def office() -> Office:
    """Offices and departments with their people, and no task yet."""
    return open_office()
