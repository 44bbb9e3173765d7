"""The file of settings as setup changes it."""

import io
import stat
from pathlib import Path

import dotenv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.setup import env_file
from storage.errors import UsageError


def read(text: str) -> dict[str, str | None]:
    return dotenv.dotenv_values(stream=io.StringIO(text), interpolate=False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "API_ID=12\n"),
        ("# mine\nAPI_ID=\nTIMEZONE=UTC\n", "# mine\nAPI_ID=12\nTIMEZONE=UTC\n"),
        ("API_ID=  # from there\n", "API_ID=12  # from there\n"),
        ("export API_ID='9'\n\nX=1", "API_ID=12\n\nX=1"),
        ("export API_ID=9\r\nX=1\r\n", "export API_ID=12\r\nX=1\r\n"),
        ("X=1", "X=1\nAPI_ID=12\n"),
        ("# mine\nX=1\nY=2", "# mine\nX=1\nY=2\nAPI_ID=12\n"),
        ("# API_ID=7\n", "# API_ID=7\nAPI_ID=12\n"),
        ("API_ID=1\nAPI_ID=2\n", "API_ID=1\nAPI_ID=12\n"),
        ("\n\nAPI_ID=\n", "\n\nAPI_ID=12\n"),
    ],
)
def test_a_setting_stands_where_it_stood(before: str, after: str) -> None:
    assert env_file.changed(before, {"API_ID": "12"}) == after


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("@harbour,@quay", "@harbour,@quay"),
        ("1:a-b_C", "1:a-b_C"),
        ("two words", "'two words'"),
        ("it's", r"'it\'s'"),
        ("", "''"),
    ],
)
def test_quotes_stand_only_where_they_must(value: str, written: str) -> None:
    assert env_file.changed("", {"X": value}) == f"X={written}\n"


@pytest.mark.parametrize("before", ["A=1\r\nX=1\r\n", "A=1\nX=1\n", "\ufeffA=1\r\nX=1\r\n"])
def test_the_ends_of_lines_stay_as_they_are(tmp_path: Path, before: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes(before.encode())
    env_file.write(file, {"A": "2"})
    assert file.read_bytes() == before.lstrip("\ufeff").replace("A=1", "A=2").encode()


LINES = st.lists(
    st.sampled_from(
        [
            "# a comment",
            "",
            "A=1",
            "export B='two words' # why",
            'C="x\\ny"',
            "A=",
            "D",
            "B=plain # why",
            "F='a\nb'",
        ]
    )
)


@given(
    lines=LINES, end=st.sampled_from(["", "\n"]), name=st.sampled_from("ABCDEFX"), value=st.text()
)
def test_what_was_written_is_read_and_all_else_stays(
    lines: list[str], end: str, name: str, value: str
) -> None:
    value = value.replace("\x00", "").replace("\r", "")
    before = "\n".join(lines) + end
    after = env_file.changed(before, {name: value})
    assert read(after) == {**read(before), name: value}
    assert [line for line in after.split("\n") if line.startswith("#")] == [
        line for line in before.split("\n") if line.startswith("#")
    ]


@pytest.mark.parametrize("text", ["A=1\nE='open\n", "A=1\n=\n"])
def test_a_file_that_cannot_be_read_is_not_changed(text: str) -> None:
    with pytest.raises(UsageError, match="line 2 cannot be read"):
        env_file.changed(text, {"B": "2"})


def test_the_file_is_for_its_owner_alone_and_a_link_stays_one(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text("# mine\nA=1\n", encoding="utf-8")
    real.chmod(0o644)
    link = tmp_path / ".env"
    link.symlink_to(real)
    env_file.write(link, {"A": "2", "B": "3"})
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "# mine\nA=2\nB=3\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"real", ".env"}
