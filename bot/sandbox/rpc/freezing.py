"""What a frozen account may still do: ask about itself, and perhaps read where it is a member.

As clients report it: FROZEN_METHOD_INVALID (420) for methods, FROZEN_PARTICIPANT_MISSING (400) for
channels that it is not in; the configuration has since and until when, and where to appeal.
"""

from telethon.tl import functions, types

from bot.sandbox.rpc.call import Call, Refusal, method_name
from bot.sandbox.state.profiles import Freeze

_OWN = ("account.", "auth.", "help.", "users.getUsers", "updates.getState", "ping")
_READING = (
    functions.messages.GetHistoryRequest,
    functions.messages.GetDialogsRequest,
    functions.updates.GetDifferenceRequest,
    functions.updates.GetChannelDifferenceRequest,
    functions.channels.GetMessagesRequest,
)


def refuse_frozen(call: Call) -> None:
    """Raise the Refusal of what the caller may not do, being frozen."""
    account = call.record.account
    if account is None or account.freeze is None or method_name(call.request).startswith(_OWN):
        return
    if not account.freeze.reads or not isinstance(call.request, _READING):
        raise Refusal(420, "FROZEN_METHOD_INVALID")
    peer = getattr(call.request, "peer", None) or getattr(call.request, "channel", None)
    number = getattr(peer, "channel_id", None)
    if number is not None and number not in account.channels:
        raise Refusal(400, "FROZEN_PARTICIPANT_MISSING")


def view_freeze(freeze: Freeze | None) -> list[types.JsonObjectValue]:
    """The entries of the client's configuration."""
    if freeze is None:
        return []
    return [
        types.JsonObjectValue("freeze_since_date", types.JsonNumber(float(freeze.since))),
        types.JsonObjectValue("freeze_until_date", types.JsonNumber(float(freeze.until))),
        types.JsonObjectValue("freeze_appeal_url", types.JsonString(freeze.appeal)),
    ]
