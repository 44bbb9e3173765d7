"""What the service does not import."""

import gc
import subprocess
import sys

import pytest

from bot.process import lean

LOOK = """
import gc, sys
from bot.process import lean
with lean.without(*lean.NEEDLESS), lean.for_good():
    from bot.app import run
heavy = {
    *("rich", "PIL", "matplotlib", "fasttext", "pymorphy3", "cryptography"),
    *("handlers.normalize.text", "handlers.normalize.datelines.datelines"),
    *("handlers.normalize.desktop.json_export", "handlers.normalize.desktop.html_export"),
}
print(*sorted(heavy & set(sys.modules)))
if gc.get_freeze_count() < 50_000:
    print("what was imported is looked through for garbage")
import PIL, rich
"""


@pytest.mark.end_to_end
def test_the_service_imports_nothing_heavy_that_it_can_do_without() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_garbage_is_looked_for_again_whatever_was_imported() -> None:
    with pytest.raises(ImportError), lean.for_good():
        assert not gc.isenabled()
        import no_such_package  # noqa: F401
    assert gc.isenabled()


def test_a_package_is_missing_only_within() -> None:
    name = "wave"  # of the standard library, and needed by nothing
    sys.modules.pop(name, None)
    with lean.without(name), pytest.raises(ImportError):
        import wave
    import wave

    with lean.without(name):
        assert sys.modules[name] is wave
