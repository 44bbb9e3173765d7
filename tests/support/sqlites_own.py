"""End-to-end tests that are SQLite's own, and why: the rest is played on PostgreSQL too
(`./do postgres`)."""

_FILES = "a backup is a file; a server has its own (pg_dump)"
_LOCK = "SQLite's file is locked; test_server_killed.py has a server that is away"
_TRIGGER = "a trigger in SQLite's words has the database refuse a row"
_DISK = "the disk that is full holds the file; a server has a disk of its own"
_IN_FILE = "the file of the database is looked into, replaced or damaged"

SQLITES_OWN = {
    "test_alert_rules.py": _FILES,
    "test_backup.py": _FILES,
    "test_desk.py::test_a_question_that_waited_for_its_answer_still_does": _IN_FILE,
    "test_desk.py::test_more_than_can_be_held_is_refused_once": _LOCK,
    "test_desk.py::test_what_is_said_while_the_database_is_locked_is_done_in_its_order": _LOCK,
    "test_desk.py::test_what_the_database_refuses_is_answered_and_ends_nothing": _TRIGGER,
    "test_desk.py::test_what_was_held_is_done_after_the_next_start": _LOCK,
    "test_forgotten.py": "no trace is left in the file; docs/scaling.md says what a server keeps",
    "test_importing.py": _IN_FILE,
    "test_indexing.py": "a file of an older analysis is brought up to today's",
    "test_instance.py": _IN_FILE,
    "test_lost_text.py": "a file of an older version is brought up to today's",
    "test_machine.py::test_a_start_on_a_full_disk_is_one_line": _DISK,
    "test_machine.py::test_what_comes_while_the_disk_is_full_is_stored_and_sent_when_there_is_room"
    "": _DISK,
    "test_operator_news.py::test_a_database_that_cannot_be_written_is_told_while_it_lasts": _LOCK,
    "test_readiness.py::test_a_damaged_file_makes_it_not_ready": _IN_FILE,
    "test_readiness.py::test_what_keeps_it_from_writing_and_from_telegram_makes_it_not_ready"
    "_while_it_lasts": _LOCK,
    "test_redacted.py::test_a_post_is_redacted_beside_the_service_and_in_what_was_sent": _IN_FILE,
    "test_restored.py": "copies of the file are put back; test_on_server.py has a server's",
    "test_secrets.py::test_no_secret_is_in_a_log_a_traceback_a_command_line_or_a_file"
    "_outside": _IN_FILE,
    "test_set_aside.py::test_one_is_set_aside_the_rest_goes_on_and_it_comes_when_it_is_retried"
    "": _TRIGGER,
    "test_set_aside.py::test_when_it_is_our_fault_the_cursor_waits_and_goes_on_by_itself": _TRIGGER,
    "test_start.py::test_it_names_its_bot_keeps_its_files_private_and_stops_cleanly": _IN_FILE,
    "test_stopping.py::test_it_ends_in_time": _LOCK,
    "test_upgraded.py": "a file of an older version is brought up to today's",
}


def why_not(node: str) -> str | None:
    """Why a test, as pytest names it, is for SQLite alone; None where it is not."""
    path, _, test = node.partition("::")
    file = path.rpartition("/")[2]
    return SQLITES_OWN.get(file) or SQLITES_OWN.get(f"{file}::{test.partition('[')[0]}")
