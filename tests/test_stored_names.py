"""What former versions and other processes wrote is found under the names they wrote it under.

Facts and leases are told apart by names alone. Under another name what is stored is not there: the
secret of random ids, for one, without which messages come twice. A name may change only with a
migration that renames what is stored, and then here.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

STORED = {
    "bot/app/account_gone.py": ("account_gone", "account_lost"),
    "bot/app/catching_up.py": ("archive",),
    "bot/app/roles.py": ("role:",),
    "bot/delivering/waking.py": ("sending_waits_until",),
    "bot/intake/indexing.py": ("archive_threaded", "all"),
    "bot/watching/lookup.py": ("last_join_at",),
    "bot/watching/sharing/sharing.py": ("watcher:",),
    "handlers/digests/composing.py": ("digest:",),
    "handlers/queries/searches.py": ("searches:",),
    "storage/chain/entries.py": ("dateline/entry/1",),
    "storage/chain/found.py": ("chain_found", "all", "documents "),
    "storage/chain/heads.py": ("dateline/head/1",),
    "storage/chain/stamps.py": ("chain_posted",),
    "storage/channels/accounts.py": ("watching_account", "account_name:"),
    "storage/channels/channels.py": ("watchlist_changes",),
    "storage/channels/lookups.py": ("resolve_after:",),
    "storage/channels/own_posts.py": ("own_bot",),
    "storage/channels/processes.py": ("process:",),
    "storage/documents/authors.py": ("author_key",),
    "storage/documents/index.py": ("analysis_version", "analysis_left"),
    "storage/documents/problems.py": ("problems_dropped",),
    "storage/documents/reach.py": ("forgotten_documents", "forgotten_group_posts"),
    "storage/instance.py": ("instance", "instance_counter", "restored_at"),
    "storage/outbox/outbox_keys.py": (
        "alert:", "change:", "update:", "bundle:", "tally:", "digest:", "answer:", "press:",
        "came:", "notice:",
    ),
    "storage/outbox/queueing.py": ("outbox_secret",),
    "storage/retention/clock.py": ("upkeep_clock",),
    "storage/retention/old_documents.py": ("index_removed",),
    "storage/retention/wiping.py": ("erasure", "secure_delete"),
    "storage/transfer/copy_state.py": ("copy_of", "copy_at"),
    "storage/undoing/removals.py": ("removed:",),
    "storage/undoing/takings.py": ("taken:",),
}  # fmt: skip


@pytest.mark.parametrize("path", STORED)
def test_what_is_stored_keeps_its_name(path: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert not set(STORED[path]) - said
