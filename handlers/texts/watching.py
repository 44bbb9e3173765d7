"""What the bot says of watching, to those who run it above all."""

from collections.abc import Mapping

from storage.languages import formats
from storage.languages.records import Texts, sentences, texts


class WatchingWords(Texts, frozen=True, kw_only=True):
    """``notices`` are messages that nobody asked for; ``troubles`` say in this language why a
    channel can't be read; ``sources`` how one is read; ``kinds`` name what is sent."""

    CONTEXT = "watching"
    notices: Mapping[str, str] = texts(
        {
            "trouble_write": "⚠️ Nothing can be written: {what}. What comes in waits until it can.",
            "trouble_user": "⚠️ The watching account does not hear all: {what}.",
            "trouble_bot": "⚠️ The bot does not hear all: {what}. I go on as soon as I can.",
            "trouble_channels": "⚠️ Channels are not read as they should be: {what}.",
            "trouble_outbox": "⚠️ Messages do not go out: {what}.",
            "trouble_database": "⚠️ The database is not sound, or can't be read: {what}.",
            "trouble_backup": "⚠️ The daily backup can't be made: {what}. I try again every hour.",
            "over_write": "✅ What comes in is written again.",
            "over_user": "✅ The watching account hears all again.",
            "over_bot": "✅ The bot hears all again.",
            "over_channels": "✅ All channels are read again.",
            "over_outbox": "✅ Messages go out again.",
            "over_database": "✅ The database is sound and can be read.",
            "over_backup": "✅ The daily backup is made again.",
            "channel_trouble": "⚠️ {channel} can't be read: {reason}. The other channels go on.",
            "channel_renamed": (
                "{channel} has another name now: {renamed}. It is watched as before."
            ),
            "channels_renamed": (
                "{channel} has another name now. CHANNELS names {channel}, which is now "
                "{renamed}. It is watched as before; whoever is called {channel} now is not. To "
                "watch that channel too: /watch {channel}"
            ),
            "newcomer": (
                "⚠️ {handle} belongs to another channel now. What was put on the list by that "
                "name is {channel}; the other channel is not watched. To watch that one: /watch "
                "{handle}"
            ),
            "name_lost": (
                "⚠️ {channel} can't be read: {reason}. Who is called {handle} now is not watched; "
                "to watch that one: /watch {handle}. The other channels go on."
            ),
            "channel_preview": (
                "The account can't read {channel}; it is read from its web preview from now on."
            ),
            "channel_public": "The account is not in {channel}: it is read by scans alone.",
            "channel_joined": "The account is in {channel} now: its posts come at once.",
            "set_aside": (
                "⚠️ A post of {channel} could not be taken in: {reason}. It is set aside "
                "({place}), the others go on. To see and retry: dateline problems"
            ),
            "account_lost": (
                "⚠️ The watching account can't be used any more ({reason}): {hint}. Its channels "
                "are read from their web previews; all else goes on."
            ),
            "account_lost_waiting": (
                "⚠️ The watching account can't be used any more ({reason}): {hint}. Channels with "
                "a public name are read from their web previews, all else goes on; these wait "
                "until an account is logged in: {channels}"
            ),
            "account_lost_shared": (
                "⚠️ The watching account {account} can't be used any more ({reason}): {hint}. The "
                "other accounts read its channels; all else goes on."
            ),
            "account_lost_shared_waiting": (
                "⚠️ The watching account {account} can't be used any more ({reason}): {hint}. The "
                "other accounts read its channels, all else goes on; these wait until an account "
                "that is in them is logged in: {channels}"
            ),
            "account_back": (
                "✅ A watching account is logged in again: it reads all channels that it can. What "
                "was posted meanwhile is read now."
            ),
            "account_frozen": (
                "⚠️ Telegram has frozen the watching account. Channels with a public web preview "
                "are read there, the others wait; all else goes on. Open Telegram with that "
                "account and appeal: {appeal}"
            ),
            "account_frozen_until": (
                "⚠️ Telegram has frozen the watching account. Channels with a public web preview "
                "are read there, the others wait; all else goes on. Open Telegram with that "
                "account and appeal: {appeal} If nothing comes of it by {until}, Telegram deletes "
                "the account."
            ),
            "account_frozen_shared": (
                "⚠️ Telegram has frozen the watching account {account}. The other accounts read "
                "its channels as far as they can; all else goes on. Open Telegram with that "
                "account and appeal: {appeal}"
            ),
            "account_thawed": (
                "✅ The watching account is not frozen any more: it reads all its channels again."
            ),
            "restored": (
                "⚠️ The database is an older copy of the one that was served before. What was "
                "posted since is read again; what people changed since, their alerts too, is "
                "gone."
            ),
            "clock_doubted": (
                "⚠️ The clock of this machine says {now}, and nothing else does: the last that I "
                "know of was on {known}. So nothing is deleted for its age until a new post comes, "
                "or a week has passed like this. See that the clock is right."
            ),
            "missed": (
                "⚠️ I did not hear all that was sent to me since {since}: Telegram goes on "
                "refusing it. From now on I hear again; who got no answer has to ask once more."
            ),
            "head_unposted": (
                "⚠️ The head of {day} is not posted in EVIDENCE_CHANNEL: {what}. I go on trying;"
                " the bot has to be an administrator there with the right to post."
            ),
            "head_unstamped": (
                "⚠️ The head of {day} is not stamped by the authority of TIMESTAMP_URL: {what}. I "
                "go on trying."
            ),
            "backfilled": "History of {channel}: {posts} read. {state}",
        }
    )
    troubles: Mapping[str, str] = sentences(
        "nothing could be written for a minute",
        "the watching account is not connected",
        "Telegram has frozen the watching account",
        "the bot is not connected",
        "a channel was not scanned for three intervals",
        "a message has been due for five minutes",
        "the database cannot be read",
        "it is private now, or the account was removed from it",
        "Telegram does not let the account read it any more",
        "the account is in as many channels as Telegram allows",
        "its administrators have to let the account in first",
        "the invite link is not valid",
        "the invite link is not valid any more",
        "there is no such channel",
        "is a person or a bot, no channel",
        "the watching account is in no channel with this id",
        "only a user account can read it",
        "it has no web preview",
        "its name belongs to another channel now",
        "Telegram refuses look-ups for now",
        "no public name",
        "It goes on with another call.",
        "All is read.",
    )
    sources: Mapping[str, str] = texts(
        {
            "joined": "joined",
            "public": "public, not joined",
            "preview": "web preview",
            "none": "not read yet",
        }
    )
    head: str = (
        "🔗 All documents up to {day} (UTC), {last} entries: head {number}.\nSHA-256: {hash}\n\n"
        "{line}"
    )
    head_restored: str = (
        "{head}\n\nSince {since} this is an older copy of the database, put back: a head of the"
        " same day may have been posted before."
    )
    seconds: str = "{n} s"
    minutes: str = "{n} min"
    hours: str = "{n} h"
    days: str = "{n} d"
    kinds: Mapping[str, str] = sentences(
        "answer", "alert", "digest", "notice", "update", "bundle", "tally"
    )
    row: str = "last post {id}, {age} ago, {today} today"
    quiet: str = "no posts yet"
    facts: str = "cursor {cursor}, last scan {scan}, {source}"
    gaps: str = "gaps: {open} open, {filled} filled with {posts}"
    lag: str = "stored after {median}, at worst {worst}"
    never: str = "never"
    ago: str = "{age} ago"
    trouble: str = "⚠️ {reason}"
    history: str = "history: {posts} read, up to {next} of {last}"
    recent: str = "recent posts are being read, newest first: {posts} so far"
    reading: str = (
        "Its posts of the last {days}, at most {posts}, are read now, newest first; they raise no"
        " alerts."
    )
    status: str = "Every channel is scanned within {interval}."
    lookups: str = "⚠️ Telegram gives no new names: look-ups are refused; next try {until}."
    queue: str = "Outbox: {queued} waiting, {sent} sent, {dead} given up."
    given_up: str = "Given up: {kind} {id} to {chat}: {reason}"
    given_up_hint: str = "To try them again or drop them: {command}"
    set_aside: str = "Set aside, not read or not stored: {count}. To see and retry: {command}"
    proxy: str = "Telegram is reached through {proxy}."
    account: str = "Watching account: {facts}."
    process: str = "{process} ({roles}): heard of {ago}."
    silent: str = "⚠️ {process} ({roles}) has not been heard of since {since}."
    reader: str = "{account} reads {channels}, in {process}."
    no_reader: str = "⚠️ {process} has no account that can be used, and reads {channels}."
    unusable: str = "⚠️ The account can't be used: {reason}."
    waits: str = "⚠️ Telegram told it to wait until {until}; its channels are not moved."
    names_wait: str = "It looks up no names before {until}."
    two_steps: str = "two-step password set"
    one_step: str = "⚠️ no two-step password"
    deleted_after: str = "deleted if its owner stays away for {days}"
    joined: str = "in {count} of {most} channels"
    frozen: str = (
        "⚠️ Telegram has frozen the watching account; public channels are read from their web"
        " previews. Appeal with that account: {appeal}"
    )
    frozen_until: str = "If nothing comes of it by {until}, Telegram deletes it."
    gone: str = (
        "⚠️ The watching account can't be used any more ({reason}), since {since}; public channels"
        " are read from their web previews, the others wait. To do: {hint}"
    )
    ask_channel: str = "Which channel? Send its @name, link or id."
    ask_backfill: str = "The history of which channel? Send its @name, perhaps with a date."
    added: str = (
        "{channel} goes on the list. What can't be read shows in /status, and I write to you."
    )
    already: str = "{channel} is watched already; /status shows how it goes."
    former: str = (
        "{channel} was put on the list as {name} and is watched still. Whoever is called {name} now"
        " is another channel. Watch that one too?"
    )
    watch_other: str = "Watch the other {name}"
    removed: str = "{channel} is not watched any more. What is stored stays."
    watched_on: str = "{channel} is watched as before; what it posted meanwhile is read and told."
    watched_anew: str = (
        "{channel} is watched; it was put on the list {since}. What it posted while it was not"
        " watched is history: nobody is told of it."
    )
    watched_since: str = "{channel} is watched; it was put on the list {since}."
    unknown: str = "{channel} is not on the list."
    no_reference: str = "{text} is no channel's name, link or id."
    backfill_begun: str = (
        "The history of {channel} is being read, oldest first. /status shows how far."
    )
    backfill_usage: str = "Write /backfill @channel, and a date if older posts are not wanted."

    def trouble_of(self, english: str) -> str:
        """Why a channel can't be read, as far as there is a translation."""
        return self.troubles.get(english, english)

    def span(self, seconds: float) -> str:
        """A length of time in its largest unit: ``3 min``."""
        if seconds < 1:
            tenths = round(max(0.0, seconds), 1)
            return self.seconds.format(n=formats.number(tenths, self.language, decimals=1))
        if seconds < 60:
            return self.seconds.format(n=f"{seconds:.0f}")
        if seconds < 3600:
            return self.minutes.format(n=int(seconds // 60))
        if seconds < 86400:
            return self.hours.format(n=int(seconds // 3600))
        return self.days.format(n=int(seconds // 86400))
