"""The schema of a PostgreSQL database: one file, as it stands today."""

from importlib import resources


def read_schema() -> str:
    """The statements that make an empty database one of today's."""
    return resources.files(__package__).joinpath("schema.sql").read_text(encoding="utf-8")
