"""What PROXY says: addresses and links of proxies, and the secrets in them. Pure.

Nothing that is raised here holds a part of what was read: any part of it may be the secret.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

Kind = Literal["socks5", "http", "mtproto"]
Disguise = Literal["plain", "padded", "tls"]

KEY_BYTES = 16
LONGEST_DOMAIN = 182
"""Bytes; what Telegram's own applications take of a domain in a secret."""
LONGEST_LOGIN = 255
"""Bytes of a user name or a password in SOCKS5 (RFC 1929)."""

_PADDED, _TLS = 0xDD, 0xEE
_SCHEMES: Mapping[str, Kind] = {"socks5": "socks5", "socks5h": "socks5", "http": "http"}
_LINK_HOSTS = ("t.me", "www.t.me", "telegram.me", "telegram.dog")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\.?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+")
_DOMAIN = re.compile(rb"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_FORMS = "socks5://user:password@host:port, http://… or a link as tg://proxy?…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """What an MTProto proxy shares with its users: 16 bytes, and how to hide that it is MTProto.

    ``tls``: as a visit to ``domain``; ``padded``: by random lengths; ``plain``: not at all.
    """

    disguise: Disguise
    key: bytes = field(repr=False)
    domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy and how to be let through. As text it is what may be shown of it."""

    kind: Kind
    host: str
    port: int
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    secret: Secret | None = field(default=None, repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.kind}://{host}:{self.port}"


def read_proxies(text: str) -> tuple[Proxy, ...]:
    """The proxies that a text names, separated by white space. Raises ValueError."""
    words = text.split()
    proxies = []
    for number, word in enumerate(words, 1):
        try:
            proxies.append(read_proxy(word))
        except ValueError as error:
            which = (
                f"the proxy at place {number} of {len(words)}" if len(words) > 1 else "the proxy"
            )
            raise ValueError(f"{which} {error}") from None
    return tuple(dict.fromkeys(proxies))


def read_proxy(text: str) -> Proxy:
    """The proxy of one address or link. Raises ValueError, to be read after "the proxy"."""
    try:
        parts = urlsplit(text)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("has no port that is a number up to 65535, or is no address") from None
    # tg:proxy?… and tg://proxy?…, https://t.me/proxy?…
    name = (host or parts.path) if scheme == "tg" else parts.path.strip("/")
    if scheme == "tg" or (scheme in ("http", "https") and host in _LINK_HOSTS):
        return _read_link(name.strip("/").lower(), _values(parts.query))
    if scheme not in _SCHEMES:
        raise ValueError(f"is of no form that is known: {_FORMS}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            "has something after host and port (is a sign in the password not encoded?)"
        )
    login = parts.netloc.rpartition("@")[0]
    username, _, password = login.partition(":")
    return Proxy(
        kind=_SCHEMES[scheme],
        host=_host(host),
        port=_port(port),
        username=_login(unquote(username), "user name"),
        password=_login(unquote(password), "password"),
    )


def _read_link(name: str, values: Mapping[str, str]) -> Proxy:
    if name not in ("proxy", "socks"):
        raise ValueError("is a link, but not to a proxy")
    digits = values.get("port", "")
    host = _host(values.get("server", "").strip("[]"))
    port = _port(int(digits) if re.fullmatch(r"[0-9]{1,5}", digits) else None)
    if name == "socks":
        username = _login(values.get("user", ""), "user name")
        password = _login(values.get("pass", ""), "password")
        return Proxy(kind="socks5", host=host, port=port, username=username, password=password)
    return Proxy(kind="mtproto", host=host, port=port, secret=read_secret(values.get("secret", "")))


def _values(query: str) -> dict[str, str]:
    """The values of a query. A plus sign is one: base64 has it, and not every link is encoded."""
    pairs = (part.partition("=") for part in query.split("&"))
    return {name.lower(): unquote(value).strip() for name, _, value in pairs}


def _host(text: str) -> str:
    if len(text) > 253 or not _HOST.fullmatch(text):
        raise ValueError("names no host")
    return text


def _port(number: int | None) -> int:
    if number is None or not 0 < number < 65536:
        raise ValueError("names no port from 1 to 65535")
    return number


def _login(text: str, what: str) -> str | None:
    if not text.isprintable() or len(text.encode("utf-8", "surrogatepass")) > LONGEST_LOGIN:
        raise ValueError(f"has a {what} that is too long or not printable")
    return text or None


def read_secret(text: str) -> Secret:
    """The secret of an MTProto proxy: hex in any case, or base64 of either alphabet, with or
    without padding, of 16 bytes; ``dd`` and 16 bytes; or ``ee``, 16 bytes and a domain.

    Raises ValueError, to be read after "the proxy".
    """
    if not text:
        raise ValueError("has no secret")
    readings = [raw for raw in (_from_hex(text), _from_base64(text)) if raw is not None]
    if not readings:
        raise ValueError("has a secret that is neither hex nor base64")
    problem = ""
    for raw in readings:
        try:
            return _secret_of(raw)
        except ValueError as error:
            problem = problem or str(error)
    raise ValueError(problem)


def _secret_of(raw: bytes) -> Secret:
    if len(raw) == KEY_BYTES:
        return Secret(disguise="plain", key=raw)
    key, domain = raw[1 : KEY_BYTES + 1], raw[KEY_BYTES + 1 :]
    if len(key) < KEY_BYTES:
        raise ValueError("has a secret that is too short: 16 bytes it must have at least")
    if raw[0] == _PADDED and not domain:
        return Secret(disguise="padded", key=key)
    if raw[0] != _TLS:
        raise ValueError("has a secret of a kind that is not known (16 bytes, dd… or ee…)")
    if not domain:
        raise ValueError("has a secret for fake TLS (ee…) that names no domain")
    if len(domain) > LONGEST_DOMAIN or not _DOMAIN.fullmatch(domain):
        raise ValueError("has a secret for fake TLS (ee…) whose domain is no host name")
    return Secret(disguise="tls", key=key, domain=domain.decode("ascii"))


def _from_hex(text: str) -> bytes | None:
    return bytes.fromhex(text) if re.fullmatch(r"([0-9A-Fa-f]{2})+", text) else None


def _from_base64(text: str) -> bytes | None:
    digits = text.rstrip("=").replace("-", "+").replace("_", "/")
    if len(text) - len(digits) > 2 or not re.fullmatch(r"[A-Za-z0-9+/]+", digits):
        return None
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4))
    except binascii.Error:
        return None
