"""Whatever is changed in a folder of evidence is named."""

import json
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from bot.commands.evidence import ed25519, layout, verifying
from bot.commands.evidence.verifying import verify
from storage.errors import UsageError

EVERYWHERE = (0, 0.5, 1)


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def some(folder: Path) -> list[str]:
    """All files but those of most posts, which are as those of the first and the last."""
    posts = sorted((folder / "posts").iterdir())[1:-1]
    left_out = tuple(f"posts/{post.name}/" for post in posts)
    return [name for name in names(folder) if not name.startswith(left_out)]


def said(folder: Path) -> str:
    return "\n".join(verify(folder))


def sign_again(folder: Path) -> None:
    """What somebody does who has the key, or another one, and changes what is signed."""
    listed = [name for name in names(folder) if name not in (layout.SUMS, layout.SIGNATURE)]
    hashes = {name: sha256((folder / name).read_bytes()).hexdigest() for name in listed}
    sums = layout.write_sums(hashes).encode()
    (folder / layout.SUMS).write_bytes(sums)
    seed = bytes(32)
    (folder / layout.KEY).write_text(ed25519.write_public(ed25519.public_key(seed)))
    hashes[layout.KEY] = sha256((folder / layout.KEY).read_bytes()).hexdigest()
    sums = layout.write_sums(hashes).encode()
    (folder / layout.SUMS).write_bytes(sums)
    (folder / layout.SIGNATURE).write_bytes(ed25519.sign(seed, sums))


def test_what_nobody_changed_is_sound(evidence: Path) -> None:
    assert said(evidence) == ""


@pytest.mark.slow
def test_a_byte_changed_anywhere_is_named_with_its_file(evidence: Path) -> None:
    for name in some(evidence):
        path = evidence / name
        whole = path.read_bytes()
        for part in EVERYWHERE:
            at = min(int(part * len(whole)), len(whole) - 1)
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            found = said(evidence)
            assert f"changed: {name}" in found or f"{name} or" in found or f", {name}" in found
            if name not in (layout.SUMS, layout.SIGNATURE):
                assert found == f"changed: {name}"
        path.write_bytes(whole)
    assert said(evidence) == ""


@pytest.mark.slow
def test_a_file_taken_away_added_or_cut_is_named(evidence: Path) -> None:
    for name in some(evidence):
        path, kept = evidence / name, evidence.parent / "kept"
        shutil.move(path, kept)
        assert f"missing: {name}" in said(evidence)
        path.write_bytes(kept.read_bytes()[:-1])
        assert f"changed: {name}" in said(evidence) or f", {name} or" in said(evidence)
        shutil.move(kept, path)
    for name in ("posts/000001/version-99.json", "posts/000099/post.json", "нота \x1b.txt", ".x"):
        path = evidence / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
        assert said(evidence) == f"added: {name}"
        path.unlink()


def test_files_that_changed_places_are_both_named(evidence: Path) -> None:
    first, second = (evidence / f"posts/00000{n}/version-1.json" for n in (1, 2))
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    assert said(evidence).split("\n") == [
        "changed: posts/000001/version-1.json",
        "changed: posts/000002/version-1.json",
    ]


def test_a_link_in_place_of_a_file_is_no_file(evidence: Path) -> None:
    path = evidence / layout.HEADS
    shutil.move(path, evidence.parent / "heads")
    path.symlink_to(evidence.parent / "heads")
    assert said(evidence).startswith(f"changed: {layout.HEADS}")
    path.unlink()
    os.mkfifo(path)
    assert said(evidence).startswith(f"changed: {layout.HEADS}")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "posts/../../secret", "a//b", ".."])
def test_a_list_that_leads_out_of_the_folder_is_none(evidence: Path, name: str) -> None:
    with (evidence / layout.SUMS).open("a") as file:
        file.write(f"{'0' * 64}  {name}\n")
    assert f"changed: {layout.SUMS}: it is no list of hashes" in said(evidence)
    assert "missing" not in said(evidence)


def test_who_signs_with_another_key_is_told_apart(evidence: Path) -> None:
    key = ed25519.read_public((evidence / layout.KEY).read_text())
    assert key is not None
    wanted = layout.fingerprint(key).replace(" ", "")
    assert list(verify(evidence, wanted)) == []
    sign_again(evidence)
    assert said(evidence) == ""
    (found,) = verify(evidence, wanted)
    assert found.startswith(f"changed: {layout.KEY}: another key signed")


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("0123456789 ABCDEF0123 456789abcd ef01234567", True),
        ("0" * 40, True),
        ("0" * 39, False),
        ("0" * 41, False),
        ("?" + "0" * 39, False),
        ("g" + "0" * 39, False),
        ("٠" * 40, False),
        ("", False),
    ],
)
def test_a_fingerprint_is_forty_digits_however_they_are_spaced(key: str, meant: bool) -> None:
    if meant:
        assert verifying._wanted(key) == "".join(key.split()).lower()
        return
    with pytest.raises(UsageError, match="is neither a key nor a fingerprint"):
        verifying._wanted(key)


def post_of(evidence: Path, doc_id: str) -> Path:
    manifest = json.loads((evidence / layout.MANIFEST).read_text())
    (found,) = [one["folder"] for one in manifest["posts"] if one["doc_id"] == doc_id]
    return evidence / str(found)


def bend(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "named"),
    [
        ("version-1.json", "ferries", "feints!", "version-1.json: it is not what entry"),
        ("document.json", "ferries", "feints!", "document.json: it is not its last version"),
        ("post.json", '"what": "stored"', '"what": "edited"', "post.json: entry 1 says something"),
        ("post.json", "77/1", "77/2", "post.json: it is another post's"),
        ("post.json", '"file": "version-2.json"', '"file": null', "version-2.json: no entry"),
        ("post.json", '2021-05-01T12:00:00.000000Z\\"', '2021-04-01T12:00:00.000000Z\\"', "post"),
        ("post.json", '"head": 1', '"head": 2', "post.json: entry 1 is not in head 2"),
        ("post.json", '"head": 1', '"head": 77', "post.json: it cannot be read"),
        ("post.json", '"path": [', '"path": 7, "was": [', "post.json: it cannot be read"),
        ("../../heads.txt", "2021-05-02", "2021-05-09", "heads.txt: head 3 does not follow"),
        ("../../heads.txt", '",1,"', '",5,"', "heads.txt: head 1 does not follow"),
        ("../../heads.txt", "[", "{", "heads.txt: they cannot be read"),
        ("../../manifest.json", '"posts/0', '"../posts/0', "manifest.json: its posts are in no"),
        ("../../manifest.json", '"posts"', '"pasts"', "they cannot be read"),
    ],
)
def test_what_does_not_hold_is_named_though_it_is_signed(
    evidence: Path, name: str, old: str, new: str, named: str
) -> None:
    bend(post_of(evidence, "tg:77/1") / name, old, new)
    sign_again(evidence)
    assert named in said(evidence)


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff\x00", b"null", b"[]", b'{"a":1}'])
@pytest.mark.parametrize("name", ["manifest.json", "heads.txt", "posts/000001/post.json"])
def test_nothing_that_stands_in_a_file_is_an_error_of_ours(
    evidence: Path, name: str, content: bytes
) -> None:
    (evidence / name).write_bytes(content)
    assert said(evidence) == f"changed: {name}"
    sign_again(evidence)
    assert name in said(evidence)


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl")
def test_the_steps_of_the_guide_verify_it_without_dateline(evidence: Path) -> None:
    steps = [
        line.strip()
        for line in (evidence / layout.README).read_text().splitlines()
        if line.startswith(("    sha256sum", "    openssl pkeyutl"))
    ]
    assert len(steps) == 2
    for step in steps:
        assert subprocess.run(step.split(), cwd=evidence, capture_output=True).returncode == 0
    bend(evidence / layout.MANIFEST, "ferries", "fairies")
    assert subprocess.run(steps[0].split(), cwd=evidence, capture_output=True).returncode == 1
    with (evidence / layout.SUMS).open("a") as file:
        file.write("\n")
    assert subprocess.run(steps[1].split(), cwd=evidence, capture_output=True).returncode == 1
