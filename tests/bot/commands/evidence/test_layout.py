"""How a folder of evidence is laid out: sums as sha256sum writes them, and names that stay in."""

import pytest

from bot.commands.evidence import layout

ONE, TWO = "1" * 64, "a" * 64


def test_sums_are_sorted_and_read_back() -> None:
    hashes = {"posts/000001/post.json": ONE, "README.txt": TWO}
    text = layout.write_sums(hashes)
    assert text == f"{TWO}  README.txt\n{ONE}  posts/000001/post.json\n"
    assert layout.read_sums(text) == hashes
    assert layout.read_sums("") == {}
    assert layout.read_sums("\n") is None


@pytest.mark.parametrize(
    "line",
    [
        f"{ONE} one-space",
        f"{ONE}  ",
        f"{ONE[1:]}  short",
        f"{'A' * 64}  capitals",
        f"{ONE}  /etc/passwd",
        f"{ONE}  ../up",
        f"{ONE}  a/../../up",
        f"{ONE}  a//b",
        f"{ONE}  .hidden",
        f"{ONE}  a b",
        f"{ONE}  a\\b",
        f"{ONE}  fine\n{TWO}  fine",
        f"{ONE}  fine\n\n{TWO}  other",
    ],
)
def test_what_leads_out_or_is_no_such_list_is_none(line: str) -> None:
    assert layout.read_sums(f"{line}\n") is None
    assert layout.read_sums(f"{ONE}  fine") is None  # the last line is cut off


def test_files_are_named_by_numbers_alone() -> None:
    assert layout.post_folder(1) == "posts/000001"
    assert layout.version_file(2) == "version-2.json"
    assert layout.stamp_files(3) == ("stamps/head-3.tsr", "stamps/head-3.txt")
    names = [layout.post_folder(1), layout.version_file(2), *layout.stamp_files(3)]
    assert layout.read_sums(layout.write_sums(dict.fromkeys(names, ONE))) is not None


def test_a_key_is_told_apart_by_the_first_half_of_its_hash() -> None:
    # sha256 of "abc" (FIPS 180-4)
    assert layout.fingerprint(b"abc") == "ba7816bf 8f01cfea 414140de 5dae2223 b00361a3"
