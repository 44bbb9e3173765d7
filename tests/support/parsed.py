"""The program's own code, parsed once for all tests of a process that look into it."""

import ast
import gc
from collections.abc import Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "storage")


@cache
def list_modules() -> Mapping[Path, ast.Module]:
    """Every module of the program by its file. Who looks for garbage does so neither while the
    trees grow, which takes longer than to parse them, nor in them afterwards."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    was_on = gc.isenabled()
    gc.collect()  # what other tests left is told of now, and not kept for ever
    gc.disable()
    try:
        found = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
        gc.freeze()
    finally:
        if was_on:
            gc.enable()
    return found
