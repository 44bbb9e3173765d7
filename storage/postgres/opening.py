"""Opening a PostgreSQL database, and looking at one before it is opened."""

from storage.instance import Present, find_identity
from storage.location import Location
from storage.postgres import holding, schema
from storage.postgres.engine import PostgresDatabase, open_address


async def open_prepared(location: Location) -> PostgresDatabase:
    """Open a database, brought to today's schema. Raises StorageError, UsageError."""
    database = await open_address(location)
    try:
        await schema.prepare(database)
    except BaseException:
        await database.close()
        raise
    return database


async def look(location: Location) -> Present:
    """What is in the database at present; changes nothing. Raises SchemaTooNewError and other
    StorageErrors."""
    database = await open_address(location)
    try:
        server = f"PostgreSQL {database.server.version}"
        is_pooled = database.server.is_pooled
        async with database.reader() as conn:
            applied = await schema.list_applied(conn)
            if not applied:
                return Present(is_there=False, server=server, is_pooled=is_pooled)
            schema.refuse_newer(applied)
            is_served = schema.LEASES in applied and await holding.count_living(conn) > 0
            return Present(
                is_there=True,
                is_due=bool(schema.list_missing(applied)),
                is_served=is_served,
                identity=await find_identity(conn),
                server=server,
                is_pooled=is_pooled,
            )
    finally:
        await database.close()
