"""What the bot says of quiet hours, snoozes and how alerts are told."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.languages.catalogue import Forms
from storage.languages.records import Texts, texts


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettingsWords(Texts):
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
    awake: str = "Awake again: {query}"

    state: str = "State: {state}"
    state_on: str = "on"
    state_paused: str = "paused"
    state_snoozed: str = "snoozed, back {when}"
    urgent: str = "Urgent: comes in quiet hours too where /quiet says so"
    not_urgent: str = "Not urgent: waits for the end of quiet hours"
    silent: str = "Comes without a sound"
    loud: str = "Comes with a sound"
    at_once: str = "Sent at once"
    every: str = "Sent together, every {period}"
    periods: Mapping[int, str] = texts({15: "15 minutes", 60: "hour", 240: "4 hours"})
    no_limit: str = "No limit an hour"
    limit: str = "At most {count} an hour one by one, the rest together"
    everything: str = "Tells of everything new"
    once: str = (
        "Once per event: later posts of it go into its first message, and a new one comes when a "
        "number, a name or the sense changes, or an official channel joins"
    )
    make_once: str = "1️⃣ Once per event"
    muted_channels: str = "Muted channels: {channels}"
    pause: str = "⏸ Pause"
    resume: str = "▶️ Resume"
    wake: str = "⏰ Wake up"
    make_urgent: str = "Urgent"
    make_silent: str = "Silent"
    unmute: str = "Unmute {channel}"
    remove: str = "✕ Remove"
    share: str = "🔗 Share"
    changed: str = "Changed."

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
    urgent_passes: str = "Urgent comes through: yes"
    urgent_waits: str = "Urgent comes through: no"
    ask_zone: str = "Which time zone? Choose a region, or write the name of a city."
    ask_language: str = "Which language?"


def alert_settings_words(language: str) -> AlertSettingsWords:
    """The words of a language; English for one that the bot does not speak."""
    return AlertSettingsWords.of(language)
