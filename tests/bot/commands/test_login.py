"""What is said of a login that Telegram refuses."""

import pytest
from telethon.errors import RPCError

from bot.commands import login
from storage.errors import ServiceError


@pytest.mark.parametrize(
    ("name", "what", "hint", "is_asked_again"),
    [
        ("PHONE_NUMBER_INVALID", "this is no phone number", "+49301234567", False),
        ("PHONE_NUMBER_BANNED", "Telegram has banned this number", "another account", False),
        ("PHONE_NUMBER_UNOCCUPIED", "no Telegram account has this number", "sign up", False),
        ("PHONE_NUMBER_FLOOD", "too many codes were asked for", "tomorrow", False),
        ("PHONE_PASSWORD_FLOOD", "too many attempts", "tomorrow", False),
        ("PHONE_CODE_INVALID", "the code is wrong", "--code CODE", True),
        ("PHONE_CODE_EMPTY", "the code is empty", "--code CODE", True),
        ("PHONE_CODE_EXPIRED", "the code has expired", "--phone NUMBER", False),
        ("PASSWORD_HASH_INVALID", "the two-step password is wrong", "try again", True),
    ],
)
def test_a_refusal_says_what_to_do(name: str, what: str, hint: str, is_asked_again: bool) -> None:
    error = login._explain(RPCError(None, name, 400))
    assert isinstance(error, ServiceError)
    assert (error.what, hint in error.hint) == (what, True)
    assert isinstance(error, login._WrongAnswerError) is is_asked_again
