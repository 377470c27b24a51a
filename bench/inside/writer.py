"""One office that acts again and again, hesitating inside its acts, and says each act that was committed."""

import random
import sys
import time

import django

django.setup()

from django.db import OperationalError, transaction  # noqa: E402 - Django must stand before any room is imported

from sanban.base.access.actor import SYSTEM  # noqa: E402
from sanban.base.people import actions  # noqa: E402
from sanban.base.people.models import Unit  # noqa: E402

PAUSE = 0.01


def main(unit_id: int) -> None:
    """Act until killed. A line is written after the commit it speaks of, never before."""
    chance, n = random.Random(unit_id), Unit.objects.get(pk=unit_id).version  # noqa: S311 - pauses, no secrets
    while True:
        n += 1
        try:
            with transaction.atomic():
                actions.add_alias(SYSTEM, unit_id=unit_id, alias=f"第{n}号{chance.randrange(10**9)}")
                time.sleep(chance.random() * PAUSE)
        except OperationalError:  # the database was busy: nothing was written
            continue
        sys.stdout.write(f"{unit_id} {Unit.objects.get(pk=unit_id).version}\n")
        sys.stdout.flush()


main(int(sys.argv[1]))
