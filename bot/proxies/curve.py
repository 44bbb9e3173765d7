"""Public keys of X25519 (RFC 7748): a disguise whose key lay on no curve would be none. Pure."""

BYTES = 32
_PRIME = 2**255 - 19
_BASE_POINT = 9


def public_key(private: bytes) -> bytes:
    """The public key of 32 random bytes, by the Montgomery ladder of RFC 7748, section 5."""
    scalar = int.from_bytes(private, "little") & ~7 & ~(128 << 248) | (64 << 248)
    x2, z2, x3, z3 = 1, 0, _BASE_POINT, 1
    for position in reversed(range(255)):
        swap = scalar >> position & 1
        if swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
        x2, z2, x3, z3 = _step(x2, z2, x3, z3)
        if swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return (x2 * pow(z2, -1, _PRIME) % _PRIME).to_bytes(BYTES, "little")


def _step(x2: int, z2: int, x3: int, z3: int) -> tuple[int, int, int, int]:
    """Double the first point and add the second: one bit of the scalar."""
    plus, minus = x2 + z2, x2 - z2
    square_plus, square_minus = plus * plus % _PRIME, minus * minus % _PRIME
    difference = square_plus - square_minus
    one, other = (x3 - z3) * plus % _PRIME, (x3 + z3) * minus % _PRIME
    return (
        square_plus * square_minus % _PRIME,
        difference * (square_plus + 121665 * difference) % _PRIME,
        (one + other) ** 2 % _PRIME,
        _BASE_POINT * (one - other) ** 2 % _PRIME,
    )
