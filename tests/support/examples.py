"""How many examples a property is tried with, by profile (``EXAMPLES``, see ``conftest.py``)."""

from hypothesis import settings

QUICK = 10


def examples(most: int) -> settings:
    """A decorator: ``most`` examples, or QUICK where the profile is the quick one."""
    is_quick = settings.get_current_profile_name() == "quick"
    return settings(max_examples=min(most, QUICK) if is_quick else most)
