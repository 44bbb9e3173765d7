"""RFC 3161, against OpenSSL as the authority, and against bytes of anybody's."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from authorities import HAS_OPENSSL, Authority
from hypothesis import given
from hypothesis import strategies as st

from bot.anchoring import timestamps
from bot.anchoring.timestamps import RefusedError

IMPRINT = bytes(range(32))
needs_openssl = pytest.mark.skipif(not HAS_OPENSSL, reason="there is no openssl")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@needs_openssl
@pytest.mark.parametrize("nonce", [1, 127, 128, 255, 256, 2**63 - 1])
def test_an_authority_understands_the_request_and_is_understood(
    authority: Authority, nonce: int
) -> None:
    answer = authority.sign(timestamps.request(IMPRINT, nonce))
    stamp = timestamps.read_answer(answer, imprint=IMPRINT, nonce=nonce)
    assert (stamp.imprint, stamp.nonce) == (IMPRINT, nonce)
    assert abs(stamp.stamped_at - datetime.now(UTC)) < timedelta(hours=1)


@needs_openssl
def test_the_request_says_what_openssl_reads(tmp_path: Path) -> None:
    (tmp_path / "query").write_bytes(timestamps.request(IMPRINT, 0x1234))
    look = "openssl ts -query -in query -text"
    said = subprocess.check_output(look.split(), cwd=tmp_path, text=True)
    for line in ("Hash Algorithm: sha256", "Nonce: 0x1234", "Certificate required: yes"):
        assert line in said


@needs_openssl
def test_an_answer_to_anything_else_is_refused(authority: Authority) -> None:
    answer = authority.sign(timestamps.request(IMPRINT, 5))
    with pytest.raises(RefusedError, match="something else"):
        timestamps.read_answer(answer, imprint=bytes(32), nonce=5)
    with pytest.raises(RefusedError, match="another request"):
        timestamps.read_answer(answer, imprint=IMPRINT, nonce=6)
    unknown = timestamps.request(IMPRINT, 5).replace(
        bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040208")
    )
    with pytest.raises(RefusedError, match="refuses: status 2"):
        timestamps.read_answer(authority.sign(unknown), imprint=IMPRINT, nonce=5)


@needs_openssl
def test_an_answer_that_is_bent_or_cut_is_no_error_of_ours(authority: Authority) -> None:
    answer = authority.sign(timestamps.request(IMPRINT, 5))
    for at in range(len(answer)):
        bent = answer[:at] + bytes([answer[at] ^ 0x55]) + answer[at + 1 :]
        for data in (bent, answer[:at]):
            try:
                timestamps.read_answer(data, imprint=IMPRINT, nonce=5)
            except RefusedError:
                continue


@given(data=st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(RefusedError):
        timestamps.read_stamp(data)
