"""What an address means, and what of it is shown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import UsageError
from storage.location import file_of, location_of


@pytest.mark.parametrize(
    ("url", "shown", "file"),
    [
        ("sqlite:///data/x.db", "data/x.db", Path("data/x.db")),
        ("sqlite:////srv/x.db", "/srv/x.db", Path("/srv/x.db")),
        ("postgresql://host/db", "postgresql://host/db", None),
        ("postgres://ann:se%40cret@host:5433/db", "postgresql://host:5433/db", None),
        ("postgresql://ann@[::1]:5433/db?sslmode=require", "postgresql://[::1]:5433/db", None),
        ("postgresql://a:b@one:1,two:2/db", "postgresql://one:1,two:2/db", None),
        ("postgresql:///db?host=/run/pg&password=secret", "postgresql:///db", None),
        ("postgresql://", "postgresql://", None),
    ],
)
def test_an_address_is_a_file_or_a_server(url: str, shown: str, file: Path | None) -> None:
    location = location_of(url)
    assert (location.url, location.shown, location.file) == (url, shown, file)
    assert "se" not in repr(location).replace("sqlite", "").replace(shown, "")


@pytest.mark.parametrize(
    "url",
    [
        "", "sqlite://x", "sqlite:///", "mysql://x", "x.db",
        "postgresql://ann:secret?x@host/db", "postgresql://ann:secret/x@host/db",
        "postgresql://ann:secret#x@host/db", "postgresql://ann:secret@x@host/db",
        "postgresql://ann:secret", "postgresql://host/db?password=secret@x",
        "postgresql://ho st/db",
    ],
)  # fmt: skip
def test_what_is_none_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(UsageError, match=r"^DATABASE_URL: is not of the form") as raised:
        location_of(url)
    assert "secret" not in str(raised.value)


@given(password=st.text(st.characters(codec="ascii"), min_size=4).map(lambda one: f"Q{one}Q"))
def test_no_password_is_shown_however_it_is_written(password: str) -> None:
    try:
        shown = str(location_of(f"postgresql://ann:{password}@host/db"))
    except UsageError as error:
        shown = str(error)
    assert password not in shown


def test_what_needs_a_file_says_what_to_do_with_a_server() -> None:
    assert file_of("sqlite:///x.db", "use pg_dump") == Path("x.db")
    with pytest.raises(UsageError) as raised:
        file_of("postgresql://ann:secret@host/db", "use pg_dump")
    assert str(raised.value) == (
        "postgresql://host/db: this is for a database in a file, and not for one on a server;"
        " use pg_dump"
    )
