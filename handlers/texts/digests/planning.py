"""What the bot says of plans: the list, the card of one, and what is wrong with times."""

from collections.abc import Mapping

from storage.languages.catalogue import Forms
from storage.languages.records import Texts, text, texts


class PlanWords(Texts, frozen=True, kw_only=True):
    """``daily`` to ``hourly`` say when a plan comes, behind "a digest comes" and by themselves;
    ``marks`` are signs of a plan in the list."""

    CONTEXT = "planning"
    daily: str = text("every day at {times}", note="A digest comes …; also by itself.")
    weekdays: str = "on weekdays at {times}"
    weekends: str = "on weekends at {times}"
    on_days: str = text("on {days} at {times}", note="Days are short: Mon, Thu.")
    each_hour: str = "every hour"
    every: Forms = ("every {n} hour", "every {n} hours")
    hourly: str = "every hour from {first} to {last}"
    only: str = text("{often}, on {days}", note="every 3 hours, on weekdays; on Mon, Thu")
    days_weekdays: str = text("weekdays", note="every 3 hours, on …")
    days_weekends: str = text("weekends", note="every 3 hours, on …")
    and_: str = " and "

    title: str = "📰 Digests: {count}"
    hint: str = "A tap opens one: when it comes, what is in it."
    row: str = text("{name} · {times}", note="The name of a digest, and when it comes.")
    next: str = "next: {when}"
    is_paused: str = "paused"
    stopped: str = "Nothing comes until /start."
    all_posts: str = "All posts"
    review: str = text("Review", note="The name of a plan of reviews that has none.")
    review_of: str = "Review: {query}"
    review_planned: str = "A review comes {times} ({zone}). The next one: {when}."
    when: str = "🕗 {times} ({zone}) · next: {next}"
    when_paused: str = "⏸ {times} ({zone}) · paused"
    about: str = "🔎 {query}"
    most: Forms = ("At most {n} story", "At most {n} stories")
    full: str = "in full"
    short: str = "in short"
    silent: str = "When nothing is new, nothing is said"
    said: str = "When nothing is new, that is said"

    new_ask: str = "When shall the new digest come? A tap makes it; the rest can be changed then."
    time_ask: str = (
        "When shall it come? Write the times, for example: daily 8, 20; weekdays 8:30; "
        "weekly mon 9; every 3h; hourly 9-18."
    )
    name_ask: str = "What shall it be called? Write a name, or “none”."
    query_ask: str = "Which words shall its posts have? Write a query as for /search, or “all”."
    times_ask: str = "When shall it come?"
    made: str = "✓ Made."
    known: str = "There is such a digest already."
    limit: str = "There are {count} digests here, the most that one may have. Remove one first."
    changed: str = "Changed."
    restored: str = "It is back."
    gone: str = "This digest was removed before."
    preview: str = "👁 As it would come now:"
    taken_for_zone: str = "I took {text} for a time zone. For posts about it: {example}"
    which_off: str = "Which one?"

    change_button: str = "⚙️ Change"
    new_button: str = "＋ New"
    write_button: str = "✎ Other times"
    preview_button: str = "👁 Preview"
    pause_button: str = "⏸ Pause"
    resume_button: str = "▶️ Go on"
    times_button: str = "🕗 When"
    name_button: str = "✎ Name"
    how_button: str = "⚙️ How much"
    how_ask: str = "How much shall it tell? What is set is marked."
    stories: Forms = ("{n} story", "{n} stories")
    full_button: str = "In full"
    short_button: str = "In short"
    silent_button: str = "Nothing new: silent"
    said_button: str = "Nothing new: say so"
    list_button: str = "‹ Digests"

    problems: Mapping[str, str] = texts(
        {
            "time": "I can't read a time of day in {text}. Write, for example: {example}",
            "day": "On which day of the week? Write, for example: {example}",
            "step": "Hours go by 1, 2, 3, 4, 6, 8 or 12. Write, for example: {example}",
            "hours": "From when to when? Write, for example: {example}",
            "many": "These are more than 24 times a day. Write, for example: {example}",
        }
    )
    examples: Mapping[str, str] = texts(
        {
            "time": "weekdays 8, 18:00",
            "day": "weekly mon 9",
            "step": "every 3h",
            "hours": "hourly 9-18",
            "many": "every 1h",
        }
    )


def plan_words(language: str) -> PlanWords:
    """The words of a language; English for one that the bot does not speak."""
    return PlanWords.of(language)
