"""A house whose log four witnesses watch, for tests: places, signs and seals in one call."""

from pathlib import Path

from sanban.base import clock
from sanban.base.ledger.tlog import sealing, sequencer, signing, trust
from sanban.base.ledger.witness import judge
from sanban.base.ledger.witness.book import Book

OFFICES = ("general-office", "supervision-office", "research-office", "oversight")


class Watch:
    """Four witnesses in folders, and the policy that names them."""

    def __init__(self, folder: Path, settings) -> None:
        settings.SANBAN_VAR, settings.SANBAN_ORIGIN = folder, "province.example/sanban"
        settings.SANBAN_WITNESSES = str(folder / "witnesses.policy")
        self.books = {name: Book(folder / name, f"w.example/{name}") for name in OFFICES}
        offices = [trust.Witness(name, book.key, f"http://{name}") for name, book in self.books.items()]
        for book in self.books.values():
            signing.know(book.key, "witness", clock.now())
            for key in signing.log_keys():
                book.follow(key)
        Path(settings.SANBAN_WITNESSES).write_text(trust.write(signing.log_keys(), offices, 3))

    def ask(self, witness, body):
        """A witness's answer, without a network."""
        answer = judge.add_checkpoint(self.books[witness.name], body)
        return answer.status, answer.body

    def seal(self) -> None:
        """Place everything that waits, and have it sealed."""
        while sequencer.integrate():
            pass
        policy = sealing.trusted()
        assert policy is not None
        sealing.seal(policy, self.ask)
