"""The server's own RSA key and its Diffie-Hellman numbers."""

import functools
import os
import secrets
from math import gcd
from pathlib import Path

import rsa
from msgspec import Struct
from telethon.crypto import rsa as telethon_rsa

from storage.errors import UsageError

# The 2048-bit safe prime that Telegram publishes; clients know it and skip its (slow) check.
DH_PRIME = int(
    "c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f"
    "48198a0aa7c14058229493d22530f4dbfa336f6e0ac925139543aed44cce7c37"
    "20fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f64"
    "2477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4"
    "a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754"
    "fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4"
    "e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f"
    "0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b",
    16,
)
DH_GENERATOR = 3
# Two small primes, quick to find again: clients factorize their product at every key exchange.
# Telethon reads the product as signed: its highest bit must be clear.
P, Q = 500_009, 1_000_003

_PUBLIC_EXPONENT = 65537
_PRIME_BITS = 1024
_SIEVE_LIMIT = 20_000


class ServerKey(Struct, frozen=True, kw_only=True):
    """An RSA key of 2048 bits. ``public_pem`` is PKCS#1, as Telethon's ``add_key`` takes it."""

    private: rsa.PrivateKey
    public_pem: str
    fingerprint: int

    def decrypt(self, cipher_text: bytes) -> bytes:
        """Gives the 255 bytes that a client encrypted (no padding scheme: RSA as it is)."""
        key = self.private
        number = int.from_bytes(cipher_text, "big")
        # The Chinese remainder theorem: a quarter of the time of one power modulo n.
        rest_p = pow(number % key.p, key.exp1, key.p)
        rest_q = pow(number % key.q, key.exp2, key.q)
        plain = rest_q + key.q * ((rest_p - rest_q) * key.coef % key.p)
        return plain.to_bytes(256, "big")[1:]


def load_key(path: Path | None) -> ServerKey:
    """Gives the key stored at ``path``, made there (0600) when it is missing.

    The public part is written beside it with the suffix ``.pub``. Without a path: the one key of
    this process. Raises UsageError when the file holds no key.
    """
    if path is None:
        return _process_key()
    if not path.exists():
        _write_private(path, _make_private_key().save_pkcs1())
    try:
        key = _describe(rsa.PrivateKey.load_pkcs1(path.read_bytes()))
    except Exception as error:  # its parser raises several kinds, some of a third package
        raise UsageError(
            "is not an RSA private key in PKCS#1 PEM",
            where=str(path),
            hint="remove it and a new one is made",
        ) from error
    path.with_suffix(".pub").write_text(key.public_pem, encoding="ascii")
    return key


@functools.cache
def _process_key() -> ServerKey:
    return _describe(_make_private_key())


def _describe(private: rsa.PrivateKey) -> ServerKey:
    public = rsa.PublicKey(private.n, private.e)
    pem: bytes = public.save_pkcs1()
    fingerprint: int = telethon_rsa._compute_fingerprint(public)
    return ServerKey(private=private, public_pem=pem.decode("ascii"), fingerprint=fingerprint)


def _write_private(path: Path, pem: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)


def _make_private_key() -> rsa.PrivateKey:
    """Makes a key in a fraction of a second (``rsa.newkeys`` takes up to ten)."""
    while True:
        p, q = _make_prime(), _make_prime()
        phi = (p - 1) * (q - 1)
        if p != q and gcd(_PUBLIC_EXPONENT, phi) == 1:
            return rsa.PrivateKey(p * q, _PUBLIC_EXPONENT, pow(_PUBLIC_EXPONENT, -1, phi), p, q)


def _make_prime() -> int:
    # Both top bits set, so that the product of two has all its 2048 bits.
    start = secrets.randbits(_PRIME_BITS) | (0b11 << (_PRIME_BITS - 2)) | 1
    composite = bytearray(_SIEVE_LIMIT)
    for prime in _small_primes():
        # Positions i stand for start + 2i; mark those that the small prime divides.
        first = (-start * pow(2, -1, prime)) % prime
        composite[first::prime] = b"\1" * len(range(first, _SIEVE_LIMIT, prime))
    for position in range(_SIEVE_LIMIT):
        if not composite[position] and _is_probably_prime(start + 2 * position):
            return start + 2 * position
    return _make_prime()


@functools.cache
def _small_primes() -> tuple[int, ...]:
    sieve = bytearray(b"\1") * _SIEVE_LIMIT
    for number in range(2, int(_SIEVE_LIMIT**0.5) + 1):
        sieve[number * number :: number] = bytes(len(range(number * number, _SIEVE_LIMIT, number)))
    return tuple(number for number in range(3, _SIEVE_LIMIT) if sieve[number])


def _is_probably_prime(number: int) -> bool:
    if pow(2, number - 1, number) != 1:
        return False
    odd, halvings = number - 1, 0
    while odd % 2 == 0:
        odd, halvings = odd // 2, halvings + 1
    return all(_passes_miller_rabin(number, odd, halvings) for _ in range(8))


def _passes_miller_rabin(number: int, odd: int, halvings: int) -> bool:
    power = pow(secrets.randbelow(number - 3) + 2, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(halvings - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False
