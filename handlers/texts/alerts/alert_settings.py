"""What the bot says of quiet hours, snoozes and how alerts are told."""

from collections.abc import Mapping

from storage.languages.catalogue import Forms
from storage.languages.records import Texts, text, texts


class AlertSettingsWords(Texts, frozen=True, kw_only=True):
    """``snoozes`` are the labels of how long, by ``alert_timing.Snooze``; ``marks`` stand before
    an alert in the list, by its state."""

    CONTEXT = "alert_settings"
    snooze: str = "💤 Snooze"
    snoozes: Mapping[str, str] = texts({"1": "1 hour", "8": "8 hours", "t": "Until tomorrow"})
    back: str = "‹ Back"
    mute: str = "🔇 Mute channel"
    unmute_here: str = "🔊 Unmute channel"
    similar: str = "🔎 Similar"
    snoozed: str = "Snoozed, back {when}. What comes in until then comes as one message."
    muted: str = "{channel} is muted for: {queries}. The same button undoes it."
    unmuted: str = "{channel} is not muted any more."
    nothing_to_mute: str = "There is no channel to mute here."

    named: str = text("Of your alerts, those with {words}: {count}", note="A count: 2")
    none_named: str = "None of your alerts has {words}. To make it one: {command}"

    state_on: str = text("▶️ On since {since}", note="A day: today, 14 Nov.")
    state_paused: str = "⏸ Paused: it tells nothing"
    state_snoozed: str = "💤 Snoozed, back {when}"
    all_posts: str = text("All posts", note="Of an alert that asks for no words.")
    schedule: str = text("🕗 {period}, {sound}", note="Sent at once, with a sound")
    silent: str = "without a sound"
    loud: str = "with a sound"
    at_once: str = "Sent at once"
    every: str = "Sent together, every {period}"
    periods: Mapping[int, str] = texts({15: "15 minutes", 60: "hour", 240: "4 hours"})
    limited: str = "🔢 At most {count} an hour one by one, the rest together"
    quiet_waits: str = "🌙 Waits in quiet hours ({start}–{end})"
    quiet_passes: str = "❗ Comes in quiet hours too ({start}–{end})"
    once: str = (
        "1️⃣ Once per event: later posts of it go into its first message, and a new one comes when "
        "a number, a name or the sense changes, or an official channel joins"
    )
    everything: str = "Tells of everything new"
    muted_channels: str = "🔇 Without {channels}"
    how_button: str = "🕗 How it comes"
    how_ask: str = "How shall it come? What is set is marked."
    period_buttons: Mapping[int, str] = texts(
        {0: "At once", 15: "Every 15 min", 60: "Every hour", 240: "Every 4 hours"}
    )
    limit_buttons: Mapping[int, str] = texts(
        {0: "No limit", 1: "1 an hour", 5: "5 an hour", 20: "20 an hour"}
    )
    loud_button: str = "With a sound"
    silent_button: str = "Silent"
    waits_button: str = "Not urgent"
    urgent_button: str = text("Urgent", note="Passes quiet hours where /quiet says so.")
    every_post_button: str = "Everything new"
    make_once: str = "1️⃣ Once per event"
    pause: str = "⏸ Pause"
    resume: str = "▶️ Resume"
    wake: str = "⏰ Wake up"
    unmute: str = "🔊 Unmute {channel}"
    list_button: str = "‹ Alerts"
    share: str = "🔗 Share"
    changed: str = "Changed."
    edit_ask: str = (
        "Which posts shall this alert tell of? Write the query anew; it is now (a tap copies it):"
    )
    edit_long: str = (
        "With the channels that it is held to, this query is too long. Nothing is changed: write a "
        "shorter one, or one that names channels itself (channel:…)."
    )
    edit_elsewhere: str = "In a channel I can't wait for an answer. Write me in private: {example}"
    restored: str = "It is back, as it was: {query}"
    missed: Forms = (
        "While it was gone {n} post came that matches. It was not sent.",
        "While it was gone {n} posts came that match. They were not sent.",
    )
    missed_unknown: str = (
        "Posts that came while it was gone were not sent; how many takes too long to count."
    )
    missed_many: str = "While it was gone more than {n} posts came that match. They were not sent."

    quiet_off: str = "Quiet hours: none"
    quiet_on: str = "Quiet hours: {start}–{end}"
    quiet_but_urgent: str = "Quiet hours: {start}–{end}, but for urgent alerts"
    quiet_set: str = (
        "From {start} to {end} ({zone}) I keep silent. What comes in meanwhile comes as one "
        "message afterwards."
    )
    quiet_set_urgent: str = (
        "From {start} to {end} ({zone}) I send only alerts marked urgent (see /alerts). The rest "
        "comes as one message afterwards."
    )
    quiet_unset: str = "There are no quiet hours any more."
    quiet_bad: str = "I can't read quiet hours in {text}."
    quiet_same: str = "Quiet hours must begin and end at different times."
    usage: str = "You can say:"

    language_button: str = "🌐 Language"
    zone_button: str = "🕒 Time zone"
    zone_yes: str = "Yes"
    zone_other: str = "Other"
    zone_use: str = "Use {zone} for everything"
    plan_moved: str = (
        "A chat has one time zone now. The daily digest comes at {time} ({zone}), the same moment "
        "as {former_time} ({former_zone}) before."
    )
    quiet_button: str = "🌙 Quiet hours"
    digest_button: str = "📰 Digests"
    burst_button: str = "📋 Bursts"
    burst_after: Forms = ("List after {n} a minute", "List after {n} a minute")
    burst_never: str = "Each by itself, always"
    burst_line: Forms = (
        "Bursts: after {n} alert a minute the others come in one list that grows",
        "Bursts: after {n} alerts a minute the others come in one list that grows",
    )
    burst_line_never: str = "Bursts: each alert by itself, however many come"
    off: str = "Off"
    urgent_passes: str = "Urgent ones come through"
    urgent_waits: str = "Urgent ones wait too"
    ask_zone: str = "Which time zone? Choose a region, or write the name of a city."
    ask_language: str = "Which language?"


def alert_settings_words(language: str) -> AlertSettingsWords:
    """The words of a language; English for one that the bot does not speak."""
    return AlertSettingsWords.of(language)
