"""Loads programs that stand in no package, such as benchmarks, as modules."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def load(path: Path, name: str | None = None) -> ModuleType:
    """The program as a module named ``name``, by default as its file."""
    spec = importlib.util.spec_from_file_location(name or path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def load_benchmark(name: str) -> ModuleType:
    """``benchmarks/NAME.py``, under a name that no other module has."""
    return load(BENCHMARKS / f"{name}.py", f"{name}_benchmark")
