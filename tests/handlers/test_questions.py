"""Open questions: answered once, forgotten after a while, bounded."""

from datetime import UTC, datetime, timedelta

from handlers.questions import FORGOTTEN_AFTER, Questions

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_question_is_answered_once() -> None:
    questions = Questions()
    questions.ask(1, 1, "alert", NOW)
    assert questions.take(1, 1, NOW) == "alert"
    assert questions.take(1, 1, NOW) is None


def test_a_question_is_one_persons_in_one_chat() -> None:
    questions = Questions()
    questions.ask(-5, 1, "alert", NOW)
    assert questions.take(-5, 2, NOW) is None
    assert questions.take(1, 1, NOW) is None
    assert questions.take(-5, 1, NOW) == "alert"


def test_a_question_is_forgotten_after_a_while() -> None:
    questions = Questions()
    questions.ask(1, 1, "alert", NOW)
    assert questions.take(1, 1, NOW + FORGOTTEN_AFTER + timedelta(seconds=1)) is None


def test_only_the_newest_questions_are_kept() -> None:
    questions = Questions(capacity=2)
    for person in (1, 2, 1, 3):
        questions.ask(person, person, "search", NOW)
    assert len(questions) == 2
    assert questions.take(2, 2, NOW) is None


def test_a_chats_questions_can_be_dropped() -> None:
    questions = Questions()
    questions.ask(1, 1, "alert", NOW)
    questions.ask(2, 2, "alert", NOW)
    questions.forget(1)
    assert questions.take(1, 1, NOW) is None
    assert questions.take(2, 2, NOW) == "alert"
