"""Where feeds are served, and what is said of it."""

import socket

import pytest
from structlog.testing import capture_logs

from bot.feeds.listening import listen
from storage.errors import ServiceError


@pytest.mark.parametrize(
    ("address", "url", "is_warned"),
    [
        ("127.0.0.1:0", "http://127.0.0.1:", False),
        ("localhost:0", "http://localhost:", False),
        (":0", "http://127.0.0.1:", True),
        ("0.0.0.0:0", "http://0.0.0.0:", True),
        ("[::1]:0", "http://[::1]:", False),
        ("[::]:0", "http://[::]:", True),
    ],
)
def test_it_is_reached_where_it_listens_and_other_machines_are_warned_of(
    address: str, url: str, is_warned: bool
) -> None:
    if "::" in address and not socket.has_ipv6:
        pytest.skip("there is no IPv6")
    with capture_logs() as logged:
        found = listen(address)
    with found.bound as bound:
        assert found.url == f"{url}{bound.getsockname()[1]}"
        assert [line["log_level"] for line in logged] == ["warning"] * is_warned
        host = "::1" if "[" in address else "127.0.0.1"
        with socket.create_connection((host, bound.getsockname()[1]), timeout=30):
            pass


@pytest.mark.parametrize("address", ["127.0.0.1:70000", "no such name.invalid:0", "198.51.100.7:0"])
def test_an_address_that_cannot_be_had_is_named_with_what_to_do(address: str) -> None:
    with pytest.raises(ServiceError, match="cannot serve on") as raised:
        listen(address)
    assert (raised.value.where, raised.value.hint) == (
        "FEEDS_ADDRESS",
        "give a free port of this machine",
    )
    assert address in raised.value.what
