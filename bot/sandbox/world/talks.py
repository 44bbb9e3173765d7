"""Where accounts meet: their dialogues, and what is asked of bots by buttons and inline."""

from bot.sandbox.state.profiles import Profile
from bot.sandbox.world.accounts import Account
from bot.sandbox.world.dialogues import Dialogue
from bot.sandbox.world.inline import InlineQueries
from bot.sandbox.world.queries import Queries
from bot.sandbox.world.stage import Stage


class Talks(Stage):
    """The stage with all talks on it."""

    def __init__(self) -> None:
        super().__init__()
        self.queries = Queries(self)
        self.inline_queries = InlineQueries(self)
        self.dialogues: dict[frozenset[int], Dialogue] = {}

    def find_dialogue(self, one: Profile, other: Profile) -> Dialogue | None:
        """Gives the dialogue of two accounts, if they ever wrote or opened it."""
        return self.dialogues.get(frozenset((one.id, other.id)))

    def get_dialogue(self, one: Profile, other: Profile) -> Dialogue:
        """Gives the dialogue of two accounts who wrote to each other; raises KeyError."""
        return self.dialogues[frozenset((one.id, other.id))]

    def dialogue(self, one: Account, other: Account) -> Dialogue:
        """Gives the dialogue of two accounts, opened when it is new."""
        key = frozenset((one.id, other.id))
        if key not in self.dialogues:
            self.dialogues[key] = Dialogue(self, one, other)
        return self.dialogues[key]
