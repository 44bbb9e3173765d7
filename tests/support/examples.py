"""How much is tried, by profile (``EXAMPLES``, see ``conftest.py``): how many examples of each
property, and on which engines."""

from hypothesis import settings

QUICK = 10


def examples(most: int) -> settings:
    """A decorator: ``most`` examples, or QUICK where the profile is the quick one."""
    return settings(max_examples=min(most, QUICK) if is_quick() else most)


def is_quick() -> bool:
    """Whether the profile is the quick one: few examples, and no PostgreSQL is started."""
    return settings.get_current_profile_name() == "quick"
