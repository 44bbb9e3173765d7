"""The table of commands: menu, help, permission and routing come from it."""

from handlers.access import admit, invite, users
from handlers.alerts import alert, alerts, sharing, why
from handlers.channels import backfill, channels, comparing, links, suggest, unwatch, watch
from handlers.chats import (
    about,
    act_for,
    cancel,
    forgetme,
    language,
    mine,
    mydata,
    quiet,
    settings,
    start,
    stop,
    timezone,
)
from handlers.chats import help as help_command
from handlers.collections import listing, saving
from handlers.conversation.command_context import Command
from handlers.digests import catchup
from handlers.feeds import feed
from handlers.operators import status
from handlers.plans import digest, review
from handlers.render.answers.settings import languages_keyboard, regions_keyboard
from handlers.searching import export, latest, quotes, search
from handlers.signals import silence, surge
from handlers.subscriptions import subscriptions
from handlers.texts.alerts.alert_settings import alert_settings_words
from handlers.texts.alerts.why import why_words
from handlers.texts.channels.comparing import compare_words
from handlers.texts.channels.linking import linking_words
from handlers.texts.chats import ChatKind
from handlers.texts.collecting import collection_words
from handlers.texts.exporting import exporting_words
from handlers.texts.languages import words_of
from handlers.texts.people.places import place_words
from handlers.texts.querying import querying_words
from handlers.texts.trends import trend_words
from handlers.trends import trend

COMMANDS: tuple[Command, ...] = (
    Command(name="start", handle=start.handle, examples=("/start",), who="manager"),
    Command(name="help", handle=help_command.handle, examples=("/help", "/help query")),
    Command(
        name="search",
        handle=search.handle,
        examples=("/search {words}",),
        question=lambda words: words.ask_search,
        offers_examples=True,
    ),
    Command(
        name="latest",
        handle=latest.handle,
        examples=("/latest", latest.EXAMPLE),
    ),
    Command(
        name="quotes",
        handle=quotes.handle,
        examples=("/quotes {speaker}",),
        question=lambda words: querying_words(words.language).ask_quotes,
        offers_speakers=True,
    ),
    Command(
        name="trend",
        handle=trend.handle,
        examples=("/trend {words}", "/trend {phrase} 90d", "/trend {word}, {words} 90d"),
        question=lambda words: trend_words(words.language).ask,
        offers_examples=True,
    ),
    Command(
        name="export",
        handle=export.handle,
        examples=("/export {words}", "/export csv {words}"),
        who="manager",
        question=lambda words: exporting_words(words.language).ask,
        offers_examples=True,
    ),
    Command(
        name="alert",
        handle=alert.handle,
        examples=("/alert {word}",),
        who="manager",
        question=lambda words: words.ask_alert,
        takes_reply=True,
        offers_examples=True,
    ),
    Command(
        name="save",
        handle=saving.handle,
        examples=(saving.EXAMPLE,),
        question=lambda words: collection_words(words.language).guide,
        takes_reply=True,
    ),
    Command(
        name="collections", handle=listing.handle, examples=("/collections", "/collections {word}")
    ),
    Command(
        name="alerts", handle=alerts.handle, examples=("/alerts", "/alerts {word}"), who="manager"
    ),
    Command(
        name="why",
        handle=why.handle,
        examples=(why.EXAMPLE,),
        who="manager",
        question=lambda words: why_words(words.language).ask,
        takes_reply=True,
    ),
    Command(
        name="digest",
        handle=digest.handle,
        examples=("/digest {daily} {zone}", "/digest {weekdays} {words}", "/digest now"),
        who="manager",
    ),
    Command(
        name="catchup",
        handle=catchup.handle,
        examples=("/catchup", "/catchup {words} 3d"),
        who="manager",
    ),
    Command(
        name="review",
        handle=review.handle,
        examples=("/review", "/review {words}", review.EXAMPLE),
        who="manager",
    ),
    Command(name="channels", handle=channels.handle, examples=("/channels",)),
    Command(
        name="suggest",
        handle=suggest.handle,
        examples=("/suggest", suggest.EXAMPLE),
        who="manager",
    ),
    Command(
        name="compare",
        handle=comparing.handle,
        examples=(comparing.EXAMPLE,),
        question=lambda words: compare_words(words.language).ask,
    ),
    Command(
        name="surge",
        handle=surge.handle,
        examples=("/surge {words}",),
        who="manager",
    ),
    Command(
        name="silence",
        handle=silence.handle,
        examples=("/silence @example_mfa",),
        who="manager",
    ),
    Command(
        name="share",
        handle=sharing.handle,
        examples=(sharing.EXAMPLE,),
        who="manager",
        question=lambda words: linking_words(words.language).share_ask,
        offers_examples=True,
    ),
    Command(
        name="links",
        handle=links.handle,
        examples=("/links", "/links @example_mfa"),
        who="manager",
    ),
    Command(
        name="feed",
        handle=feed.handle,
        examples=("/feed", "/feed {words}", "/feed @example_mfa"),
        who="manager",
    ),
    Command(
        name="settings",
        handle=settings.handle,
        examples=("/settings timezone {zone}", "/settings language {other_language}"),
        who="manager",
    ),
    Command(
        name="quiet",
        handle=quiet.handle,
        examples=("/quiet 22:00-07:00", "/quiet 22:00-07:00 urgent", "/quiet off"),
        who="manager",
    ),
    Command(
        name="timezone",
        handle=timezone.handle,
        examples=("/timezone {zone}",),
        who="manager",
        question=lambda words: alert_settings_words(words.language).ask_zone,
        choices=lambda words, zone: regions_keyboard(words, present=zone),
    ),
    Command(
        name="language",
        handle=language.handle,
        examples=("/language {other_language}",),
        who="manager",
        question=lambda words: alert_settings_words(words.language).ask_language,
        choices=lambda words, _: languages_keyboard(words),
    ),
    Command(
        name="for",
        handle=act_for.handle,
        examples=("/for @my_channel /alert {word}", "/for @my_channel"),
        question=lambda words: place_words(words.language).act_ask,
        is_private=True,
    ),
    Command(name="mine", handle=mine.handle, examples=("/mine",)),
    Command(name="cancel", handle=cancel.handle, examples=("/cancel",)),
    Command(name="stop", handle=stop.handle, examples=("/stop",), who="manager"),
    Command(name="about", handle=about.handle_about, examples=("/about",)),
    Command(name="privacy", handle=about.handle_privacy, examples=("/privacy",)),
    Command(name="mydata", handle=mydata.handle, examples=("/mydata",), who="manager"),
    Command(
        name="subscriptions",
        handle=subscriptions.handle,
        examples=("/subscriptions",),
        who="manager",
    ),
    Command(name="forgetme", handle=forgetme.handle, examples=("/forgetme",), who="manager"),
    Command(
        name="admit",
        handle=admit.handle,
        examples=("/admit 123456789",),
        who="operator",
        question=lambda words: words.admit_usage,
    ),
    Command(name="users", handle=users.handle, examples=("/users",), who="operator"),
    Command(
        name="invite",
        handle=invite.handle,
        examples=("/invite", "/invite 5, 30 days"),
        who="operator",
    ),
    Command(
        name="watch",
        handle=watch.handle,
        examples=("/watch @example_mfa",),
        who="operator",
        question=lambda words: words.watching.ask_channel,
    ),
    Command(
        name="unwatch",
        handle=unwatch.handle,
        examples=("/unwatch @example_mfa",),
        who="operator",
        question=lambda words: words.watching.ask_channel,
    ),
    Command(
        name="backfill",
        handle=backfill.handle,
        examples=("/backfill @example_mfa 2026-01-01",),
        who="operator",
        question=lambda words: words.watching.ask_backfill,
    ),
    Command(name="status", handle=status.handle, examples=("/status",), who="operator"),
)
"""In the order of the menu."""

BY_NAME = {command.name: command for command in COMMANDS}


def menu(
    language: str, *, operator: bool = False, place: ChatKind = "private"
) -> list[tuple[str, str]]:
    """Names and descriptions for Telegram's menu; ``operator`` adds the operator's commands."""
    words = words_of(language, place)
    shown = [command for command in COMMANDS if operator or command.who != "operator"]
    return [(command.name, command.summary(words)) for command in shown]
