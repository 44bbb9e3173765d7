"""A budget that notes of each request whether it was urgent."""

from bot.watching.budget import Budget


class NotedBudget(Budget):
    """Allows everything at once; ``urgent``: what was asked for, in order."""

    def __init__(self) -> None:
        super().__init__(100_000)
        self.urgent: list[bool] = []

    def ready_at(self, now: float, *, urgent: bool = False) -> float:
        self.urgent.append(urgent)
        return now

    def take_noted(self) -> set[bool]:
        """What was noted since this was asked last, each once."""
        noted = {*self.urgent}
        self.urgent.clear()
        return noted
