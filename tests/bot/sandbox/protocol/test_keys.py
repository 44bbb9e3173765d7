"""The server's key."""

import stat
from pathlib import Path

import pytest

from bot.sandbox.protocol import keys
from bot.sandbox.server import Sandbox
from storage.errors import UsageError


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "made" / "server.pem"

    first, second = keys.load_key(path), keys.load_key(path)

    assert first.public_pem == second.public_pem
    assert first.fingerprint == second.fingerprint
    assert path.with_suffix(".pub").read_text() == first.public_pem
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_has_2048_bits_and_decrypts_what_it_encrypts() -> None:
    key = keys.load_key(None)

    number = int.from_bytes(b"\x07" * 255, "big")
    cipher_text = pow(number, key.private.e, key.private.n).to_bytes(256, "big")

    assert key.private.n.bit_length() == 2048
    assert key.decrypt(cipher_text) == b"\x07" * 255


@pytest.mark.parametrize(
    "content",
    [
        "not a key",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
    ],
)
def test_a_file_that_holds_no_key_is_a_mistake_of_use(tmp_path: Path, content: str) -> None:
    path = tmp_path / "server.pem"
    path.write_text(content)

    with pytest.raises(UsageError, match="not an RSA private key"):
        keys.load_key(path)


@pytest.mark.end_to_end
@pytest.mark.parametrize("host", ["0.0.0.0", "::1", "localhost", "192.0.2.1"])  # noqa: S104
async def test_the_sandbox_listens_nowhere_but_on_loopback(host: str) -> None:
    with pytest.raises(UsageError, match=r"127\.0\.0\.1 only"):
        async with Sandbox.start(host=host):
            pass


@pytest.mark.end_to_end
async def test_a_sandbox_started_with_a_key_file_names_its_public_part(tmp_path: Path) -> None:
    async with Sandbox.start(key_path=tmp_path / "server.pem") as sandbox:
        assert sandbox.public_key_path.read_text() == sandbox.public_key
        assert sandbox.address == f"2@127.0.0.1:{sandbox.port}"
