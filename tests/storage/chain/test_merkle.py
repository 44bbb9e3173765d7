"""Trees of hashes, against the definition of RFC 6962 written down as it stands there."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.chain import merkle

# Roots that Certificate Transparency's own tests hold for its first lists.
KNOWN = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
LIST = [
    bytes.fromhex(item)
    for item in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
Items = st.lists(st.binary(max_size=4), max_size=70)


def defined_root(data: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1."""
    if not data:
        return sha256().digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    half = 1 << (len(data) - 1).bit_length() - 1
    parts = defined_root(data[:half]) + defined_root(data[half:])
    return sha256(b"\x01" + parts).digest()


def defined_path(index: int, data: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1."""
    if len(data) == 1:
        return []
    half = 1 << (len(data) - 1).bit_length() - 1
    if index < half:
        return [*defined_path(index, data[:half]), defined_root(data[half:])]
    return [*defined_path(index - half, data[half:]), defined_root(data[:half])]


@pytest.mark.parametrize(("size", "root"), KNOWN.items())
def test_roots_are_those_of_certificate_transparency(size: int, root: str) -> None:
    assert merkle.root_of(LIST[:size]).hex() == root


@given(data=Items)
def test_roots_and_paths_are_as_defined(data: list[bytes]) -> None:
    tree = merkle.Tree(data)
    assert tree.root == merkle.root_of(iter(data)) == defined_root(data)
    for index, item in enumerate(data):
        path = tree.path(index)
        assert path == defined_path(index, data)
        assert merkle.root_by(item, index, len(data), path) == tree.root


@given(data=Items.filter(bool), pick=st.data())
def test_a_path_proves_nothing_else(data: list[bytes], pick: st.DataObject) -> None:
    tree = merkle.Tree(data)
    index = pick.draw(st.integers(0, len(data) - 1))
    path = tree.path(index)
    other = pick.draw(st.integers(-1, len(data)).filter(lambda n: n != index))
    given_root = merkle.root_by(data[index], other, len(data), path)
    assert given_root != tree.root or (0 <= other < len(data) and data[other] == data[index])
    assert merkle.root_by(data[index] + b"!", index, len(data), path) != tree.root
    assert merkle.root_by(data[index], index, len(data), [*path, bytes(32)]) is None
    if path:
        assert merkle.root_by(data[index], index, len(data), path[:-1]) != tree.root
        bent = [bytes([path[0][0] ^ 1]) + path[0][1:], *path[1:]]
        assert merkle.root_by(data[index], index, len(data), bent) != tree.root
