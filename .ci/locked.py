"""Check that the lock files pin all that pyproject.toml asks for, with hashes and no addresses."""

import re
import sys
import tomllib
from pathlib import Path


def name_of(requirement: str) -> str:
    """The normalized name of the package that a requirement line asks for."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", match[0]).lower() if match else ""


def main() -> int:
    """Print what is wrong with the lock files; 1 when something is."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime, extras = project["dependencies"], project["optional-dependencies"]
    wanted = {
        "requirements.lock": runtime + extras["postgres"],
        "requirements-extras.lock": runtime
        + [one for name, all_of_it in extras.items() if name != "test" for one in all_of_it],
        "requirements-test.lock": runtime + extras["test"],
    }
    wrong = []
    for file, requirements in wanted.items():
        text = Path(file).read_text(encoding="utf-8")
        pinned = set(re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE))
        wrong += [f"{file}: {r} is not pinned" for r in requirements if name_of(r) not in pinned]
        wrong += [f"{file}: no hashes"] if text.count("--hash=sha256:") < len(pinned) else []
        wrong += [f"{file}: an address"] if re.search(r"https?://|index-url", text) else []
    sys.stdout.writelines(line + "\n" for line in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
