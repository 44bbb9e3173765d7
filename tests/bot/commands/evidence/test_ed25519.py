"""Signatures, against the examples of RFC 8032 and against OpenSSL."""

import shutil
import subprocess
from pathlib import Path

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.evidence import ed25519

# RFC 8032, section 7.1: private key, public key, message, signature.
EXAMPLES = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
        "b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
        "1d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
        "c6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
SEED = bytes(range(32))
KEY = ed25519.public_key(SEED)
SIGNED = ed25519.sign(SEED, b"posts")


@pytest.mark.parametrize(("seed", "key", "message", "signature"), EXAMPLES)
def test_the_examples_of_the_rfc(seed: str, key: str, message: str, signature: str) -> None:
    private, told = bytes.fromhex(seed), bytes.fromhex(message)
    assert ed25519.public_key(private).hex() == key
    assert ed25519.sign(private, told).hex() == signature
    assert ed25519.is_signed(bytes.fromhex(key), told, bytes.fromhex(signature))


@examples(40)
@given(at=st.integers(0, 63), bit=st.integers(0, 7))
def test_a_bent_signature_is_none(at: int, bit: int) -> None:
    bent = bytearray(SIGNED)
    bent[at] ^= 1 << bit
    assert not ed25519.is_signed(KEY, b"posts", bytes(bent))


@examples(40)
@given(at=st.integers(0, 31), bit=st.integers(0, 7))
def test_another_key_did_not_sign(at: int, bit: int) -> None:
    bent = bytearray(KEY)
    bent[at] ^= 1 << bit
    assert not ed25519.is_signed(bytes(bent), b"posts", SIGNED)


def test_what_has_another_length_or_is_too_big_is_none() -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    more = int.from_bytes(SIGNED[32:], "little") + order
    assert not ed25519.is_signed(KEY, b"posts", SIGNED[:32] + more.to_bytes(32, "little"))
    assert not ed25519.is_signed(KEY, b"posts", SIGNED[:-1])
    assert not ed25519.is_signed(KEY[:-1], b"posts", SIGNED)
    assert not ed25519.is_signed(b"\xff" * 32, b"posts", SIGNED)
    assert not ed25519.is_signed(KEY, b"post", SIGNED)


@examples(40)
@given(data=st.binary(min_size=32, max_size=32))
def test_no_bytes_for_a_key_are_an_error(data: bytes) -> None:
    assert not ed25519.is_signed(data, b"posts", SIGNED) or data == KEY


def test_keys_come_back_and_nothing_else_is_one() -> None:
    assert ed25519.read_public(ed25519.write_public(KEY)) == KEY
    assert ed25519.read_private(ed25519.write_private(SEED)) == SEED
    assert ed25519.read_public(ed25519.write_private(SEED)) is None
    for text in ("", "-----BEGIN PUBLIC KEY-----", "ключ", ed25519.write_public(KEY)[:-40]):
        assert ed25519.read_public(text) is None


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl")
def test_openssl_says_the_same(tmp_path: Path) -> None:
    for name, content in {
        "key.pem": ed25519.write_public(KEY).encode(),
        "own.pem": ed25519.write_private(SEED).encode(),
        "message": b"posts",
        "signature": SIGNED,
    }.items():
        (tmp_path / name).write_bytes(content)
    made = "openssl pkeyutl -sign -inkey own.pem -rawin -in message"
    assert subprocess.check_output(made.split(), cwd=tmp_path) == SIGNED
    look = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in message -sigfile signature"
    assert subprocess.run(look.split(), cwd=tmp_path, capture_output=True).returncode == 0
