"""How a folder of evidence is laid out, and what its files hold. Pure.

    SHA256SUMS          the hash of every file but itself and its signature, for ``sha256sum -c``
    SHA256SUMS.sig      its signature, 64 bytes of Ed25519
    key.pem             the signer's public key
    README.txt          what this is, and how it is verified without Dateline
    manifest.json       what was asked for, when and by which program, and the list of posts
    heads.txt           the line of every head of the chain, one a line
    stamps/             what an authority of RFC 3161 stamped of the heads, and its answers
    posts/000001/       a post: post.json (its entries and their paths), document.json (as stored),
                        text.txt (to read), version-1.json and so on (canonical forms, oldest first)

No name in it is made of anything that a post says.
"""

import re
from hashlib import sha256

FORM = "dateline/evidence/1"
SUMS, SIGNATURE, KEY = "SHA256SUMS", "SHA256SUMS.sig", "key.pem"
README, MANIFEST, HEADS = "README.txt", "manifest.json", "heads.txt"
POST, DOCUMENT, TEXT = "post.json", "document.json", "text.txt"

_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*)")


def post_folder(number: int) -> str:
    """The folder of a post, by its number from 1."""
    return f"posts/{number:06}"


def version_file(number: int) -> str:
    """The file of a version, by its number from 1."""
    return f"version-{number}.json"


def stamp_files(head: int) -> tuple[str, str]:
    """The files of an authority's answer, and of the line of the head that it stamped."""
    return f"stamps/head-{head}.tsr", f"stamps/head-{head}.txt"


def write_sums(hashes: dict[str, str]) -> str:
    """The list of files and their hashes."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))


def read_sums(text: str) -> dict[str, str] | None:
    """The hashes by the names of the files; None where it is no such list.

    A name that leads out of the folder, or stands there twice, is in none.
    """
    lines = text.split("\n")
    found: dict[str, str] = {}
    if lines.pop() != "":
        return None
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found:
            return None
        found[match[2]] = match[1]
    return found


def fingerprint(key: bytes) -> str:
    """What a public key is told apart by, in five groups."""
    digits = sha256(key).hexdigest()[:40]
    return " ".join(digits[start : start + 8] for start in range(0, 40, 8))


GUIDE = """\
Evidence of posts on Telegram, as this instance of Dateline has read and stored them.

For each post: what it said and says (posts/NUMBER/text.txt to read, document.json and
version-N.json for programs), its address, and when each version was stored (post.json).

To verify it:

    dateline evidence verify FOLDER

Without Dateline, in this folder, with coreutils and OpenSSL 3:

    sha256sum -c SHA256SUMS
    openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig

That shows that nothing was changed since it was signed, by the owner of key.pem: ask them for the
key, or for its fingerprint, in another way than with this folder.

The chain: "line" of an entry in post.json names the SHA-256 of its version-N.json and of the entry
before. The SHA-256 of the line is the entry's; its "path" leads (RFC 6962) to the root in the line
of its head, in heads.txt, and the SHA-256 of that line is in the next head's. Who has the hash of a
later head from elsewhere, a channel or a stamp, knows that all of this was stored before.

Where there is a folder "stamps", with the certificates of the authority that stamped:

    openssl ts -verify -data stamps/head-1.txt -in stamps/head-1.tsr -CAfile CERTIFICATES

What it does not prove: that Telegram showed this, or that the author wrote it. It is the word of
whoever runs the instance, which they cannot change afterwards without that being seen.
"""
