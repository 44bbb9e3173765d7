"""What Telegram says of the account that watches, as far as its operator should know."""

from datetime import datetime

from msgspec import Struct


class Freeze(Struct, frozen=True, kw_only=True):
    """Telegram has frozen the account: since when, until when that can be appealed against before
    the account is deleted (aware; None where it does not say), and where to appeal."""

    since: datetime | None = None
    until: datetime | None = None
    appeal: str = "https://t.me/spambot"


class Gone(Struct, frozen=True, kw_only=True):
    """The account's login has ended for good: since when that is known (aware), Telegram's reason,
    and what to do about it."""

    since: datetime
    reason: str
    hint: str


class AccountCare(Struct, frozen=True, kw_only=True):
    """``days``: after this many days without its owner the account is deleted; ``channels``: the
    number of channels it is in, of at most ``most``. None: Telegram does not say, for instance to a
    frozen account."""

    has_password: bool | None = None
    days: int | None = None
    most: int | None = None
    channels: int | None = None
    freeze: Freeze | None = None
    gone: Gone | None = None
