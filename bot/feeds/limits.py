"""Rate limits: how often each key (an address, say) may ask for something within a period. Pure:
``now`` is given."""

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address

KNOWN = 4_096
"""The most askers that are remembered, the latest ones."""


class Allowance:
    """``most`` times in ``seconds``, filled up evenly; counted for each name apart."""

    def __init__(self, most: int, seconds: float, *, known: int = KNOWN) -> None:
        self._most, self._seconds, self._known = most, seconds, known
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, now: float) -> bool:
        """Whether it may be asked once more; that counts. ``now`` in seconds, from any start."""
        left, at = self._left.pop(name, (float(self._most), now))
        left = min(self._most, left + max(0.0, now - at) * self._most / self._seconds)
        may = left >= 1
        self._left[name] = (left - 1 if may else left, now)
        if len(self._left) > self._known:
            self._left.popitem(last=False)
        return may


def asker(host: str | None) -> str:
    """By what an address is counted: of IPv6 by its network, which is one household's or one's own
    (RFC 6177)."""
    try:
        address = ip_address((host or "").partition("%")[0])
    except ValueError:
        return host or ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> 64)
    return str(address)
