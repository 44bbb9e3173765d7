"""The version, in one place: the wheel, ``dateline --version`` and the clients report it."""

import functools
import hashlib
from pathlib import Path

__version__ = "0.1.0"


@functools.cache
def program() -> str:
    """The version with a digest of the code: another wherever posts may be read in another way."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for package in ("bot", "handlers", "storage"):
        for path in sorted((root / package).rglob("*.py")):
            digest.update(path.read_bytes())
    return f"{__version__} {digest.hexdigest()[:12]}"
