"""Coverage-guided fuzzing of every reader, outside CI.

``uv run --with atheris python benchmarks/fuzz.py FORMAT SEEDS... [--seconds N] [--keep DIR]`` feeds
mutations of the files SEEDS to the reader of FORMAT (``any``: whatever is detected), and stops at
the first input that breaks a promise: no crash, documents that can be stored, written and read
back. The input is left in the working folder as ``crash-...``; a test is made of it, then the fix.
"""

import argparse
import importlib
import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

LARGEST = 1 << 15


def check(data: bytes, format: str | None, modules: Any) -> None:
    """One input: whatever it is, errors are of the kinds that are told, documents are whole."""
    document_module, errors, registry, canonical, json_lines = modules
    try:
        items = list(registry.read(io.BytesIO(data), name="fuzz", format=format, channel="@fuzz"))
    except errors.InputError as error:
        str(error)
        return
    for item in items:
        if not isinstance(item, document_module.Document):
            str(item)
            continue
        line = json_lines.dump(item)
        line.encode("utf-8")
        (again,) = json_lines.load([line], where="fuzz")
        assert again == item
        canonical.canonical(item).encode("utf-8")
        for block in item.body:
            assert all(0 <= span.start < span.end <= len(block.text) for span in block.spans), block


def main() -> None:
    """Fuzz what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("format")
    parser.add_argument("seeds", type=Path, nargs="+")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--keep", type=Path, help="a folder for inputs that reach new code")
    options = parser.parse_args()
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["handlers", "storage.document"]):
        names = (
            *("storage.document", "storage.errors", "handlers.normalize.registry"),
            *("handlers.render.documents.canonical", "handlers.render.documents.json_lines"),
        )
        modules = [importlib.import_module(name) for name in names]
    format = None if options.format == "any" else options.format
    with tempfile.TemporaryDirectory() as folder:
        kept = options.keep or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(options.seeds):
            shutil.copy(seed, kept / f"seed_{number}")
        arguments = [sys.argv[0], f"-max_total_time={options.seconds}", f"-max_len={LARGEST}"]
        arguments += ["-timeout=20", "-rss_limit_mb=1500", "-print_final_stats=1", str(kept)]
        atheris.Setup(arguments, lambda data: check(data, format, modules))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
