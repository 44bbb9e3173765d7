"""A pooler of transactions (PgBouncer) before a PostgreSQL server, where this machine has one."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
from addresses import free_address

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
PATIENCE = 60.0

_SETTINGS = """
[databases]
* = host={server} port=5432
[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {size}
server_login_retry = 1
logfile = {folder}/log
"""


@contextmanager
def serve(url: str, *, size: int = 4) -> Iterator[str]:
    """Stand before the server of an address, on a socket of this machine's, with at most ``size``
    connections to it; gives the address of the same database by way of here."""
    server = Path(parse_qs(urlsplit(url).query)["host"][0])
    with tempfile.TemporaryDirectory(prefix="pooler-", dir="/tmp") as made:
        address, folder = free_address(), Path(made)
        host, port = address.split(":")
        (folder / "users").write_text('"postgres" ""\n')
        (folder / "ini").write_text(
            _SETTINGS.format(server=server, host=host, port=port, folder=folder, size=size)
        )
        process = subprocess.Popen([*_words(server, folder), str(folder / "ini")])
        try:
            _wait(process, int(port))
            yield f"postgresql://postgres@{address}{urlsplit(url).path}"
        finally:
            process.kill()
            process.wait()


def _words(server: Path, folder: Path) -> list[str]:
    """Who may read the server's socket is who it runs as: it refuses to be root."""
    if PROGRAM is None:
        raise FileNotFoundError("pgbouncer")
    if os.getuid():
        return [PROGRAM, "-q"]
    owner = pwd.getpwuid(server.stat().st_uid)
    for path in (folder, *folder.iterdir()):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return [PROGRAM, "-q", "-u", owner.pw_name]


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    ends = time.monotonic() + PATIENCE
    while not any(
        one.status == psutil.CONN_LISTEN and one.laddr.port == port
        for one in psutil.Process(process.pid).net_connections("tcp")
    ):
        assert process.poll() is None and time.monotonic() < ends
        time.sleep(0.02)
