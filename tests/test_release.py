"""A release is what the changelog and the code both say it is."""

import re
import tomllib
from datetime import date
from pathlib import Path

from storage.version import __version__

ROOT = Path(__file__).parents[1]
_HEADING = re.compile(r"^## \[(.+?)\](?: - (\S+))?$", re.MULTILINE)


def headings() -> list[tuple[str, str]]:
    """The changelog's sections, in order, each with its date."""
    return _HEADING.findall((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))


def number(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))


def test_the_newest_release_of_the_changelog_is_this_version() -> None:
    (unreleased, undated), *releases = headings()
    assert (unreleased, undated) == ("Unreleased", "")
    assert releases[0][0] == __version__


def test_releases_stand_in_their_order() -> None:
    releases = headings()[1:]
    numbers = [number(release) for release, _ in releases]
    days = [date.fromisoformat(day) for _, day in releases]
    assert numbers == sorted(set(numbers), reverse=True)
    assert days == sorted(days, reverse=True)


def test_the_package_takes_its_version_from_the_code() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"] == {"path": "storage/version.py"}


def test_the_image_says_its_version() -> None:
    (said,) = re.findall(r"image\.version=(\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert said == __version__
