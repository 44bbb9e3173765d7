"""The record that every language fills: one field a sentence, so a missing one is a type error."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handlers.texts.watching import WatchingWords
from storage.document import MediaType

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """All that the bot says in one language. ``{names}`` stand for values; see ``rich.fill``.

    ``plural`` gives the index into ``Forms`` for a number; ``summaries`` has one line a command,
    ``samples`` the words of examples, ``media`` a word for each type of attachment, ``problems``
    patterns of what storage says of a broken query with what to say instead, ``watching`` what is
    said of watching.
    """

    language: str
    plural: Callable[[int], int]
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    today: str
    yesterday: str
    tomorrow: str
    year_unknown: str
    summaries: Mapping[str, str]
    samples: Mapping[str, str]
    media: Mapping[MediaType, str]
    fact_check: str
    withheld: str
    watching: WatchingWords
    problems: tuple[tuple[str, str], ...] = ()

    # Numbers of things.
    posts: Forms
    results: Forms
    alerts: Forms
    channels: Forms
    more_posts: Forms
    posts_at_most: Forms
    days: Forms
    people: Forms

    # Common to all commands.
    help_title: str
    help_queries: str
    for_example: str
    refused: str
    refused_group: str
    operators_only: str
    managers_only: str
    unknown_command: str
    did_you_mean: str
    see_help: str
    too_fast: str
    old_button: str
    previous: str
    following: str
    unknown_date: str
    no_name: str

    # Queries, alerts, search.
    query_error: str
    query_long: str
    ask_alert: str
    ask_search: str
    alert_added: str
    alert_known: str
    alert_limit: str
    alerts_title: str
    alerts_none: str
    alerts_remove_hint: str
    alert_remove_ask: str
    alert_removed: str
    alert_gone: str
    yes_remove: str
    keep: str
    alert_stop: str
    alert_stop_named: str
    alert_stop_ask: str
    open_post: str
    forwarded_from: str
    forwarded: str
    search_title: str
    search_page: str
    search_none: str
    search_hint: str
    search_old: str

    # Digests.
    digest_title: str
    digest_none: str
    digest_also_in: str
    digest_more: str
    digest_cut: str
    digest_planned: str
    digest_plan: str
    digest_no_plan: str
    digest_off: str
    digest_off_already: str
    digest_usage: str
    digest_bad_time: str
    digest_bad_word: str
    zone_unknown: str
    zone_nearest: str
    zone_choose: str
    zone_many: str

    # Channels, settings, leaving.
    channels_title: str
    channels_none: str
    settings_title: str
    settings_language: str
    settings_zone: str
    settings_digest: str
    settings_no_digest: str
    settings_alerts: str
    settings_stopped: str
    settings_usage: str
    settings_changed_language: str
    settings_changed_zone: str
    settings_bad: str
    language_name: str
    language_unknown: str
    stopped: str
    forget_ask: str
    forget_yes: str
    forgotten: str
    forget_kept: str
    admitted: str
    admit_usage: str

    def example(self, template: str) -> str:
        """An example to copy, its ``{names}`` replaced by samples: ``/alert {word}``."""
        return template.format_map(self.samples)

    def problem(self, english: str) -> str:
        """What is wrong with a query, or what to do, as far as there is a translation."""
        for pattern, said in self.problems:
            match = re.fullmatch(pattern, english, re.DOTALL)
            if match:
                return match.expand(said)
        return english

    def count(self, forms: Forms, number: int) -> str:
        """A number with its noun in the right form: ``1 post``, ``5 posts``."""
        return forms[self.plural(number)].replace("{n}", str(number))
