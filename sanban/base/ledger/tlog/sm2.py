"""SM2 with SM3 (GB/T 32918.2 on the curve of GB/T 32918.5), by the optional C library gmssl-pyx.

A public key is 04 ‖ x ‖ y; a signature is r ‖ s, 32 bytes each, over SM3(Z ‖ message), where Z holds the user id
1234567812345678 that GM/T 0009 gives to those who agreed on no other. GM/T 0009 writes the pair as DER; here it has one
length, so that no two lines say the same.
"""

from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

try:
    import gmssl_pyx
except ImportError:  # the extra is not installed: see `ready`
    gmssl_pyx = None

USER: Final = b"1234567812345678"
PUBLIC_BYTES, PRIVATE_BYTES = 65, 97
MEND: Final = (
    "本机未安装 gmssl-pyx，不能用 SM2 签名或验签。请运行 bin/setup sm2（或 pip install gmssl-pyx）后重试。"
)
_POINT: Final = b"\x04"
_HALF: Final = 32


class Missing(Exception):
    """This machine can neither sign nor check SM2; the message says how to mend it."""


def ready() -> bool:
    """Whether the extra is installed."""
    return gmssl_pyx is not None


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A point of the curve."""

    point: bytes

    def public_bytes_raw(self) -> bytes:
        """04 ‖ x ‖ y."""
        return self.point

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Whether this key made this signature of the message. Missing without the extra."""
        library = _library()
        if len(signature) != 2 * _HALF or len(self.point) != PUBLIC_BYTES or self.point[:1] != _POINT:
            return False
        pair = (int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big"))
        try:
            return bool(library.sm2_verify(self.point[1:], message, encode_dss_signature(*pair), USER))
        except library.GmsslInnerError:  # the key is no point of the curve
            return False


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """A key that signs: the secret number, and its point."""

    secret: bytes
    point: bytes

    @classmethod
    def generate(cls) -> "PrivateKey":
        """A new key. Missing without the extra."""
        point, secret = _library().sm2_key_generate()
        return cls(secret, _POINT + point)

    @classmethod
    def from_bytes(cls, body: bytes) -> "PrivateKey":
        """The key in its bytes again."""
        return cls(body[:_HALF], body[_HALF:])

    def private_bytes_raw(self) -> bytes:
        """Secret number and point: what its file keeps."""
        return self.secret + self.point

    def public_key(self) -> PublicKey:
        """The half that others may know."""
        return PublicKey(self.point)

    def sign(self, message: bytes) -> bytes:
        """r ‖ s over the message. Missing without the extra."""
        made = _library().sm2_sign(self.secret, self.point[1:], message, USER)
        return b"".join(part.to_bytes(_HALF, "big") for part in decode_dss_signature(made))


def _library() -> Any:
    if gmssl_pyx is None:
        raise Missing(MEND)
    return gmssl_pyx
