"""What the bot says of groups and channels that it may write in, and of acting for them."""

from storage.languages.catalogue import Forms
from storage.languages.records import Texts, text


class PlaceWords(Texts, frozen=True, kw_only=True):
    """``came``: the bot may write somewhere; ``came_back``: again; ``lost``: no more; ``act…``: of
    ``/for``; ``mine…``: of ``/mine``."""

    CONTEXT = "places"
    came: str = "I may write in {name} now. What shall it get?"
    came_here: str = "Say it here: {example}"
    came_there: str = "or there: {example}"
    came_back: str = "I may write in {name} again. What was set up there is on: {alerts}."
    lost: str = (
        "I may no longer write in {name}: nothing comes there. What is set up there is kept, and "
        "goes on once I am let in again, or am given a command there when I may write again."
    )
    act_ask: str = (
        "For which group or channel, and what? In a group with topics it is told in the one that I "
        "was set up in; to have it in another, give the command there."
    )
    act_unknown: str = (
        "I know no group or channel {name}. Take me into the group, or make me an administrator "
        "of the channel who may post, and say there: {example}"
    )
    act_denied: str = "Only those who manage {name} may do that."
    act_private: str = "Write that to me in private."
    act_only: str = "For a group or channel I understand: {commands}."
    act_digest: str = "A digest goes to the chat itself. Write there: {example}"
    act_topic: str = (
        "I can't set anything up in a topic from here: it would be told in another. Give the "
        "command there: {example}"
    )
    change: str = "⚙️ Change"
    mine_title: str = "Groups and channels that you manage: {count}"
    mine_row: str = text("{number}. {name}: {told}", note="1. 👥 Crew: 3 alerts, 1 plan")
    mine_press: str = "🔔 opens the alerts of one, 📰 its digests and reviews."
    mine_none: str = "I know of no group or channel that you manage."
    mine_hint: str = (
        "One comes into this list once you give me a command there, say {example}, or here for a "
        "channel: {here}"
    )
    mine_stopped: str = "stopped"
    plans: Forms = ("{n} plan", "{n} plans")


def place_words(language: str) -> PlaceWords:
    """The words of a language; English for one that the bot does not speak."""
    return PlaceWords.of(language)
