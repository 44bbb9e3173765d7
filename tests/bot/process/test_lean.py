"""What the service does not import."""

import subprocess
import sys

import pytest

from bot.process import lean

LOOK = """
import sys
from bot.process import lean
with lean.without("rich"):
    from bot.app import run
print(*sorted({"rich", "matplotlib", "fasttext", "pymorphy3", "cryptography"} & set(sys.modules)))
import rich
"""


@pytest.mark.end_to_end
def test_the_service_imports_nothing_heavy_that_it_can_do_without() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_package_is_missing_only_within() -> None:
    name = "wave"  # of the standard library, and needed by nothing
    sys.modules.pop(name, None)
    with lean.without(name), pytest.raises(ImportError):
        import wave
    import wave

    with lean.without(name):
        assert sys.modules[name] is wave
