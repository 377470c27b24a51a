"""Data keys as they lie in the keyring: each under the key of its level, and bound to its own name."""

from sanban.base.vault.ciphers import KEY_BYTES, sealer
from sanban.base.vault.provider import Provider


class Above:
    """The keys above the data keys, and the cipher of this house."""

    def __init__(self, provider: Provider, algorithm: int) -> None:
        self.algorithm, self._provider = algorithm, provider

    def newest(self, level: int) -> int:
        """The version to use now: the next one when the house has changed its cipher. Locked without the shares."""
        version = self._provider.newest(level)
        fits = len(self._provider.key(level, version)) == KEY_BYTES[self.algorithm]
        return version if fits else self._provider.add(level)

    def next(self, level: int) -> int:
        """Make the next version."""
        return self._provider.add(level)

    def drop(self, level: int, version: int) -> None:
        """Destroy a version under which nothing lies any more."""
        self._provider.drop(level, version)

    def wrap(self, key_id: str, level: int, version: int, key: bytes) -> bytes:
        """A data key under this version."""
        return sealer(self.algorithm, self._provider.key(level, version)).seal(
            key, _bound(key_id, level, version)
        )

    def unwrap(self, key_id: str, level: int, version: int, wrapped: bytes) -> bytes:
        """The data key again. Spoiled when it was altered or put under another name."""
        above = self._provider.key(level, version)
        own = next((number for number, size in KEY_BYTES.items() if size == len(above)), self.algorithm)
        return sealer(own, above).open(wrapped, _bound(key_id, level, version))


def _bound(key_id: str, level: int, version: int) -> bytes:
    return f"dek|{level}|{version}|{key_id}".encode()
