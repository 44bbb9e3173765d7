"""What a database wants done now and then."""

from storage.connection import Connection


async def refresh_statistics(tx: Connection) -> None:
    """Let the engine's planner know how the tables have grown; cheap where nothing changed."""
    await tx.execute("PRAGMA optimize")
