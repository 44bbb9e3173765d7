"""English."""

from handlers.texts.words import Words

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def plural(number: int) -> int:
    """One, or any other number."""
    return 0 if number == 1 else 1


WORDS = Words(
    language="en",
    plural=plural,
    months=MONTHS,
    months_of=MONTHS,
    summaries={
        "start": "begin, or go on after /stop",
        "help": "what I understand, with examples",
        "search": "find posts, newest first",
        "alert": "tell me when a post has these words",
        "alerts": "my alerts, to look at and remove",
        "digest": "what came in, now or every day",
        "channels": "the channels that are watched",
        "settings": "language, time zone, digest",
        "stop": "no more messages; my alerts are kept",
        "forgetme": "delete all that is stored about me",
        "admit": "let a person or a group in, by id",
    },
    posts=("{n} post", "{n} posts"),
    results=("{n} result", "{n} results"),
    alerts=("{n} alert", "{n} alerts"),
    channels=("{n} channel", "{n} channels"),
    more_posts=("{n} more post", "{n} more posts"),
    welcome=(
        "Hello! I watch Telegram channels and write to you when a post has the words that you "
        "name. I can also search all that was posted and send a daily digest."
    ),
    welcome_first="Try one of these (a tap copies it):",
    welcome_back="Welcome back. What you had set up is on again: {alerts}.",
    welcome_help="All commands: /help",
    help_title="What I understand. A tap on an example copies it.",
    help_queries=(
        "In a query all words must occur, in any form and case. {phrase} is a phrase, {either} "
        "finds either, {without} leaves posts with a word out, {prefix} finds beginnings."
    ),
    example="For example: {example}",
    refused=(
        "This is a private instance. To use it, ask its operator to let you in and give them "
        "your id: {id}"
    ),
    refused_group=(
        "This is a private instance. To use it here, ask its operator to let this chat in and "
        "give them its id: {id}"
    ),
    operators_only="Only the operator of this instance may do that.",
    managers_only="Only administrators of this chat may do that.",
    unknown_command="I don't know {command}.",
    did_you_mean="Did you mean {command}?",
    see_help="All commands: /help",
    too_fast="That was too much at once. Try again in a minute.",
    old_button="This button no longer works.",
    previous="‹ Prev",
    following="Next ›",
    unknown_date="date unknown",
    no_name="unnamed",
    query_error="I can't read this query: {error}.",
    query_long="This query is too long: {length} characters, {limit} at most.",
    ask_alert="Which words shall I watch for?",
    ask_search="What shall I look for?",
    alert_added="Alert set: {query}. I'll write when a post matches.",
    alert_known="You have this alert already: {query}.",
    alert_limit="You have {alerts}, the most that one may have here. Remove one first: /alerts",
    alerts_title="Your alerts: {count}",
    alerts_none="You have no alerts yet.",
    alerts_remove_hint="Press one to remove it.",
    alert_remove_ask="Remove the alert {query}?",
    alert_removed="Alert removed: {query}",
    alert_gone="This alert was removed before.",
    yes_remove="Yes, remove",
    keep="Keep",
    alert_stop="Stop this alert",
    alert_stop_named="Stop: {query}",
    alert_stop_ask="Yes, stop: {query}",
    open_post="Open",
    forwarded_from="Forwarded from {name}",
    forwarded="Forwarded",
    search_title="Found for {query}",
    search_page="page {page}",
    search_none="Nothing found for {query}.",
    search_hint="Try fewer words, or a beginning such as {example}.",
    search_old="This list is too old. Search again.",
    digest_title="{posts} since {since}",
    digest_none="Nothing new since {since}.",
    digest_also_in="also in {channels}",
    digest_more="and {posts}",
    digest_cut="The oldest of this time are left out: too many came in.",
    digest_planned="A digest comes every day at {time} ({zone}). The next one: {when}.",
    digest_plan="Your digest comes every day at {time} ({zone}). The next one: {when}.",
    digest_no_plan="You have no daily digest.",
    digest_off="The daily digest is off.",
    digest_off_already="There was no daily digest to turn off.",
    digest_usage="You can say:",
    digest_bad_time="I can't read a time of day in {text}.",
    digest_bad_word="I don't understand {text} here.",
    zone_unknown="I know no time zone {zone}.",
    zone_nearest="Did you mean {zone}?",
    channels_title="Watched: {count}",
    channels_none="No channel is watched yet.",
    channel_posts="{posts}, the last {when}",
    channel_quiet="no posts yet",
    channel_trouble="can't be read now",
    settings_title="Your settings",
    settings_language="Language: {value}",
    settings_zone="Time zone: {value}",
    settings_digest="Digest: every day at {time} ({zone})",
    settings_no_digest="Digest: off",
    settings_alerts="Alerts: {count} of {limit}",
    settings_stopped="Stopped: nothing is sent until /start",
    settings_usage="To change them:",
    settings_changed_language="I'll speak English.",
    settings_changed_zone="Your time zone is now {zone}.",
    settings_bad="I don't know the setting {text}.",
    language_name="English",
    language_unknown="I don't speak {language}. I speak: {languages}.",
    stopped="Stopped. I'll send no more alerts and digests. Yours are kept: /start turns them on.",
    forget_ask=(
        "Delete all that I have stored about you: {alerts}, your digest and your settings? This "
        "can't be undone."
    ),
    forget_yes="Yes, delete all",
    forgotten="All that was stored about you is deleted. /start begins anew.",
    forget_kept="Nothing was deleted.",
    admitted="Let in: {id}",
    admit_usage="Give the id that the person was told.",
)
