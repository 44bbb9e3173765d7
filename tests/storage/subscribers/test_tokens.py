"""Tokens of programs: found by a secret that is not kept, until they are revoked or have ended."""

import re
from datetime import datetime, timedelta

import pytest

from storage.connection import Connection
from storage.errors import NotFoundError, UsageError
from storage.structs import replace
from storage.subscribers import tokens
from storage.subscribers.tokens import Token


@pytest.fixture
def token(now: datetime) -> Token:
    at = now.replace(microsecond=0)
    return Token(name="desk", scopes=frozenset({"search"}), created_at=at)


async def test_a_token_is_found_by_its_secret_alone(
    tx: Connection, token: Token, now: datetime
) -> None:
    held = replace(
        token, name="desk-2", scopes=frozenset(tokens.SCOPES), channels=frozenset({7, 77})
    )
    secret, other = await tokens.add_token(tx, token), await tokens.add_token(tx, held)
    assert re.fullmatch(r"dateline_[\w-]{43}", secret, re.ASCII)
    assert secret != other
    assert await tokens.find_token(tx, secret, now=now) == token
    assert await tokens.find_token(tx, other, now=now) == held
    for wrong in ("", "dateline_", secret[:-1], secret + "x", secret.upper(), f" {secret}", "%"):
        assert await tokens.find_token(tx, wrong, now=now) is None
    assert await tokens.list_tokens(tx) == [token, held]


async def test_its_secret_is_not_kept(tx: Connection, token: Token) -> None:
    secret = await tokens.add_token(tx, token)
    (row,) = await tx.fetch_all("SELECT * FROM api_token")
    assert secret.removeprefix(tokens.PREFIX) not in str([row[name] for name in (
        "name", "secret_hash", "scopes", "channels", "created_at", "expires_at"
    )])  # fmt: skip
    assert await tokens.find_token(tx, row["secret_hash"], now=token.created_at) is None


async def test_it_ends_when_it_is_revoked_and_when_its_time_is_over(
    tx: Connection, token: Token, now: datetime
) -> None:
    ending = replace(token, name="guest", expires_at=token.created_at + timedelta(days=30))
    first, second = await tokens.add_token(tx, token), await tokens.add_token(tx, ending)
    last = ending.created_at + timedelta(days=30) - timedelta(seconds=1)
    assert await tokens.find_token(tx, second, now=last) == ending
    assert await tokens.find_token(tx, second, now=last + timedelta(seconds=1)) is None
    await tokens.revoke_token(tx, "desk")
    assert await tokens.find_token(tx, first, now=now) is None
    with pytest.raises(NotFoundError):
        await tokens.revoke_token(tx, "desk")


async def test_a_bad_name_a_taken_one_and_no_scope_are_refused(
    tx: Connection, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tokens.add_token(tx, token)
    no_use: frozenset[tokens.Scope] = frozenset({"private"})
    for wrong in (
        token,
        *(replace(token, name=name) for name in ("", "a b", "-x", "x" * 41, "a\n", "стол")),
        replace(token, name="other", scopes=no_use),
    ):
        with pytest.raises(UsageError):
            await tokens.add_token(tx, wrong)
    with pytest.raises(UsageError, match="'writing' is no scope; choose of search"):
        tokens.read_scopes(["search", "writing"])
    monkeypatch.setattr(tokens, "MOST", 1)
    with pytest.raises(UsageError, match="revoke one"):
        await tokens.add_token(tx, replace(token, name="other"))
