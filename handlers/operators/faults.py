"""Whose fault is it that posts can't be read or stored: theirs, or ours? Pure."""

from collections.abc import Sequence

IN_A_ROW = 3
WINDOW = 50
MOST = 5


def are_ours(outcomes: Sequence[str | None]) -> bool:
    """Whether a channel's last posts say that something is wrong with us.

    ``outcomes``, the newest post first: None for one that went in, else the kind of its error. One
    post may be odd; some in a row with the same error, or many of the last ``WINDOW``, are not:
    then to set aside one after the other would empty the channel.
    """
    first = outcomes[:IN_A_ROW]
    if len(first) == IN_A_ROW and first[0] is not None and len(set(first)) == 1:
        return True
    return sum(kind is not None for kind in outcomes[:WINDOW]) >= MOST
