"""The records that storage keeps beside documents, and what a search gives back.

Frozen values: times are aware UTC datetimes, a naive one is refused when it is stored. ``Document``
has a file of its own; ids named ``id`` are row ids, everything else is named for what it is.
"""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Literal

from msgspec import Struct

from storage.document import Document
from storage.payloads import Carrying, Payload
from storage.query.marked import Attached, Marked
from storage.query.words.analysis import Analysed

PlanKind = Literal["digest", "review"]
DeliveryKind = Literal["answer", "alert", "digest", "notice", "update", "bundle", "tally"]
"""``update``: what came of a story, told by editing its alert. ``bundle``: many alerts as one.
``tally``: how many posts came to a list that grows."""
DeliveryState = Literal["queued", "sent", "gone", "dead", "expired", "bundled", "dropped"]
Outcome = Literal["new", "updated", "unchanged"]
Sort = Literal["newest", "relevance"]
ChannelSource = Literal["joined", "public", "preview"]
"""How a channel is read: its posts are pushed; its history is asked for; its web preview is."""

PRIORITY_ANSWER = 0
PRIORITY_ALERT = 1
PRIORITY_DIGEST = 2
PRIORITY_UPDATE = 3


class Channel(Struct, frozen=True, kw_only=True):
    """A channel that is, or was, watched.

    ``channel_id`` is Telegram's bare positive id, null until the name is resolved. ``cursor`` is
    the last message id of the contiguous scan; ``last_scan_at`` is null before the first. ``floor``
    is the cursor that watching began with: what is older is history. ``error`` says why the channel
    can't be read, in words for a person. ``reference`` is how a person named a channel that is
    neither a name nor an id: an invite link. ``source`` is how it was last read. ``gaps_filled``
    and ``posts_filled`` count what scans found that no push had brought. ``official``: whether it
    speaks for a ministry or the like, as the operator says; null where that is guessed.
    """

    id: int
    channel_id: int | None = None
    username: str | None = None
    title: str | None = None
    access_hash: int | None = None
    watched: bool = True
    cursor: int = 0
    added_at: datetime
    last_scan_at: datetime | None = None
    error: str | None = None
    reference: str | None = None
    source: ChannelSource | None = None
    floor: int = 0
    gaps_filled: int = 0
    posts_filled: int = 0
    official: bool | None = None


class Backfill(Struct, frozen=True, kw_only=True):
    """History of a channel (row ``channel``) that was asked for, and how far it is read.

    From ``first_id`` to ``last_id``, oldest first; what lies at or behind ``next_id`` is not read
    yet; 0 means not begun. ``since`` leaves out older posts; ``remaining`` is how many posts more
    this run may read, None for all. ``posts`` counts those read. ``asked_by`` is the chat to tell.
    ``newest_first``: nobody asked; the channel is newly watched, and its recent posts are read down
    from ``last_id``.
    """

    channel: int
    since: datetime | None = None
    first_id: int = 0
    next_id: int = 0
    last_id: int = 0
    remaining: int | None = None
    posts: int = 0
    asked_by: int | None = None
    asked_at: datetime
    finished_at: datetime | None = None
    error: str | None = None
    newest_first: bool = False


class Subscriber(Struct, frozen=True, kw_only=True):
    """A chat that the bot answers: ``chat_id`` is positive for people, negative for groups and
    channels (``is_channel``).

    ``active`` turns false when the chat said ``/stop``, or could not be written to (``lost``: it
    blocked the bot, say); ``admitted`` is true for those whom an admin let in.
    Alerts are held from ``quiet_from`` to ``quiet_until``, local times of its zone
    (both or neither are set), but those marked urgent where ``quiet_but_urgent``. ``incarnation``
    is random, and another one when the chat comes back after it was forgotten. Of the alerts of a
    minute ``burst_after`` come alone (0: all; None: as the instance says), and the others in the
    list ``growing`` (its row in the outbox). ``topic``: where in a group with topics something was
    set up last, and what concerns the group itself is told; None: in General.
    """

    chat_id: int
    access_hash: int | None = None
    username: str | None = None
    name: str | None = None
    language: str | None = None
    timezone: str | None = None
    active: bool = True
    lost: bool = False
    admitted: bool = False
    created_at: datetime
    last_digest_at: datetime | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    quiet_but_urgent: bool = False
    is_channel: bool = False
    incarnation: str = ""
    burst_after: int | None = None
    growing: int | None = None
    topic: int | None = None


class Alert(Struct, frozen=True, kw_only=True):
    """A saved query; ``query`` is its canonical text.

    ``urgent`` passes quiet hours where its chat lets it; ``silent`` comes without a sound; it is
    told ``hourly_limit`` times an hour at most, and every ``every_minutes`` where it is set. What
    comes in beyond is bundled. ``once``: it rings once for an event. ``topic``: where in a group
    with topics it is told; None: in General. The saved queries of the process do not follow these:
    read them.
    """

    id: int
    chat_id: int
    query: str
    created_at: datetime
    paused: bool = False
    snoozed_until: datetime | None = None
    urgent: bool = False
    silent: bool = False
    hourly_limit: int | None = None
    every_minutes: int | None = None
    once: bool = False
    since: datetime | None = None
    topic: int | None = None

    @property
    def watches_since(self) -> datetime:
        """What was stored before was not looked at for it."""
        return self.since or self.created_at


class Mute(Struct, frozen=True, kw_only=True):
    """A channel that an alert leaves out; ``channel`` as ``mutes.name_of`` names it."""

    alert_id: int
    channel: str
    title: str


class Plan(Struct, frozen=True, kw_only=True):
    """What a chat gets by the clock: what came in that answers ``query`` (empty: all) in
    ``channels`` (row ids; none: all), at ``times`` (as ``handlers.times.plan_times`` writes them)
    of ``timezone``.

    At most ``most`` stories, told in ``short`` or not; ``says_nothing_new``: said where nothing
    is. It tells of what came in after ``told_until``; ``due_at`` None: not reckoned yet.
    ``token`` is random and outlives the database; one that was removed (``removed_at``) is kept
    for a while, to be put back. ``topic``: as of an alert.
    """

    id: int
    chat_id: int
    kind: PlanKind
    token: str
    name: str = ""
    query: str = ""
    channels: tuple[int, ...] = ()
    times: str
    timezone: str
    most: int = 10
    short: bool = False
    says_nothing_new: bool = False
    paused: bool = False
    created_at: datetime
    told_until: datetime | None = None
    due_at: datetime | None = None
    removed_at: datetime | None = None
    topic: int | None = None


class NewDelivery(Struct, Carrying, frozen=True, kw_only=True):
    """A message to be queued.

    The same ``key`` is queued once; with a ``spare_key``, the message is queued under that if
    ``key`` was ever used. After ``expires_at`` it is not sent any more. Due messages of a chat with
    the same ``bundle`` are sent as one, separately for each ``topic`` of a group (None: General).
    ``story``: the story that an alert is about; ``target``: the delivery (row id) whose message an
    update edits, a tally answers, or an alert is a line of.
    """

    chat_id: int
    kind: DeliveryKind
    key: str
    spare_key: str | None = None
    payload: Payload
    priority: int
    due_at: datetime
    created_at: datetime
    expires_at: datetime | None = None
    bundle: str | None = None
    story: str | None = None
    target: int | None = None
    topic: int | None = None


class Delivery(Struct, Carrying, frozen=True, kw_only=True):
    """A queued message. ``random_id`` (64-bit signed, never 0) follows from its key, so that it is
    taken once. ``tried_at``: since then it may be out without our knowing, when it was claimed;
    ``finished_at``: when it was sent, or given up."""

    id: int
    chat_id: int
    kind: DeliveryKind
    key: str
    random_id: int
    payload: Payload
    priority: int
    due_at: datetime
    state: DeliveryState
    attempts: int
    last_error: str | None = None
    message_id: int | None = None
    created_at: datetime
    expires_at: datetime | None = None
    bundle: str | None = None
    story: str | None = None
    target: int | None = None
    tried_at: datetime | None = None
    finished_at: datetime | None = None
    topic: int | None = None


class NewProblem(Struct, frozen=True, kw_only=True):
    """Something that could not be read or stored, to be set aside.

    ``place`` says which it is (``tg:7/12``; a file and a line). ``raw`` is it as it came: a small
    file of the format ``form``, or one of our documents (``document``), read under the name
    ``file`` and with the channel ``given``. ``error`` is for people, ``kind`` is the same for
    what fails in the same way. ``channel_id`` and ``message_id`` where a watched channel posted it;
    ``history``: it raises no alert when it goes in.
    """

    place: str
    form: str
    raw: bytes | None
    error: str
    kind: str
    file: str | None = None
    given: str | None = None
    channel_id: int | None = None
    message_id: int | None = None
    history: bool = False


class Problem(NewProblem, frozen=True, kw_only=True):
    """What is set aside: ``since`` when, tried ``tries`` times, by ``version`` the last time.

    ``size`` is that of ``raw`` in bytes; it is there only where it was asked for, and not too big.
    """

    id: int
    since: datetime
    tries: int
    version: str
    size: int


class Told(Struct, frozen=True, kw_only=True):
    """A post (``doc_id``) that a chat was told of, or is about to be; ``at`` is when it was queued.

    ``follows``: as a follow-up. ``is_open``: its message can take one more, beside ``added``.
    """

    post: str
    at: datetime
    follows: bool = False
    added: int = 0
    is_open: bool = False


class EventMessage(Struct, frozen=True, kw_only=True):
    """A message of a chat about a ``post`` (``doc_id``) of an event, that is out or waits.

    ``alerts``: those that ring once for an event and were told by it; ``at``: when it was queued;
    ``takes``: it stands by itself and can count more posts.
    """

    story: str
    post: str
    alerts: frozenset[int]
    at: datetime
    follows: bool = False
    silent: bool = False
    takes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What storing one document did: ``document`` is the merged one, as it now stands.

    ``revised``: its text was changed by a later edit, and the former text is kept as a revision.
    ``analysed``: its words, where storing had to find them anyway; a matcher can use them.
    """

    id: int
    document: Document
    outcome: Outcome
    revised: bool = False
    analysed: Analysed | None = field(default=None, compare=False, repr=False)


class Hit(Struct, frozen=True, kw_only=True):
    """A document that a search found; ``matched`` are the words as they stand in its text and in
    what is ``attached``."""

    id: int
    document: Document
    snippet: Marked
    matched: tuple[str, ...] = ()
    attached: tuple[Attached, ...] = ()


class Page(Struct, frozen=True, kw_only=True):
    """One page of results; ``following`` is the opaque cursor of the next, null on the last."""

    hits: tuple[Hit, ...] = ()
    following: str | None = None

    @property
    def more(self) -> bool:
        """Whether there is a next page."""
        return self.following is not None


class OwnBot(Struct, frozen=True, kw_only=True):
    """The bot that serves this instance. ``id`` 0: none is known."""

    id: int = 0
    username: str = ""
