"""Public keys of X25519 are those that a kept library computes."""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from bot.proxies.curve import BYTES, public_key


@given(st.binary(min_size=BYTES, max_size=BYTES))
@example(bytes(range(32)))
@example(b"\0" * 32)
@example(b"\xff" * 32)
def test_a_public_key_is_the_librarys(private: bytes) -> None:
    known = X25519PrivateKey.from_private_bytes(private).public_key()
    assert public_key(private) == known.public_bytes_raw()
