"""What an alert says of its story: who else tells it, and what became of the post."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.texts.words import Forms


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingWords:
    """``added`` and ``removed`` count lines of a text that came and went; ``tally`` and
    ``bundle…`` count posts of a list."""

    also: str
    follows: str
    edited: str
    added: Forms
    removed: Forms
    deleted: str
    deleted_at_once: str
    stands: str
    also_title: str
    also_folded: str
    also_none: str
    late: str
    bundle: Forms
    bundle_late: Forms
    bundle_away: Forms
    bundle_gone: Forms
    changed: str
    changed_back: str
    seconds: str
    burst: str
    burst_open: str
    tally: Forms
    minutes: str
    hours: str
    days: str

    def span(self, seconds: float) -> str:
        """A length of time in its largest unit, in full seconds."""
        if seconds < 59.5:
            return self.seconds.format(n=max(1, round(seconds)))
        if seconds < 3600:
            return self.minutes.format(n=max(1, round(seconds / 60)))
        if seconds < 86400:
            return self.hours.format(n=round(seconds / 3600))
        return self.days.format(n=round(seconds / 86400))


_EN = TellingWords(
    also="also in {names}",
    follows="follows: {words}",
    edited="edited {time}",
    added=("+{n} line", "+{n} lines"),
    removed=("−{n} line", "−{n} lines"),
    deleted="deleted {span} after posting",
    deleted_at_once="deleted",
    stands="the same stands in {name}",
    also_title="🔁 The same story elsewhere: {posts}",
    also_folded="＝ came to this message",
    also_none="It stands nowhere else.",
    late="late: posted {span} before it could be read",
    bundle=("🔔 {n} post", "🔔 {n} posts"),
    bundle_late=("🔔 {n} post that was missed", "🔔 {n} posts that were missed"),
    bundle_gone=("🗑 {n} post was deleted", "🗑 {n} posts were deleted"),
    changed="changed",
    changed_back="It says again what it said before.",
    bundle_away=(
        "🔔 While I was away: {n} post (you may know it)",
        "🔔 While I was away: {n} posts (you may know some of them)",
    ),
    seconds="{n} s",
    burst="🔔 In quick succession: {count}",
    burst_open="📖 Read in full",
    tally=("➕ {n} more in this list", "➕ {n} more in this list"),
    minutes="{n} min",
    hours="{n} h",
    days="{n} d",
)
_RU = TellingWords(
    also="также: {names}",
    follows="в продолжение: {words}",
    edited="изменено {time}",
    added=("+{n} строка", "+{n} строки", "+{n} строк"),
    removed=("−{n} строка", "−{n} строки", "−{n} строк"),
    deleted="удалено через {span} после публикации",
    deleted_at_once="удалено",
    stands="то же есть в {name}",
    also_title="🔁 То же в других каналах: {posts}",
    also_folded="＝ попало в это сообщение",
    also_none="Больше нигде этого нет.",
    late="с опозданием: опубликовано за {span} до получения",
    bundle=("🔔 {n} пост", "🔔 {n} поста", "🔔 {n} постов"),
    bundle_late=(
        "🔔 Пропущен {n} пост",
        "🔔 Пропущено {n} поста",
        "🔔 Пропущено {n} постов",
    ),
    bundle_gone=("🗑 Удалён {n} пост", "🗑 Удалено {n} поста", "🗑 Удалено {n} постов"),
    changed="изменено",
    changed_back="Текст снова такой, каким был.",
    bundle_away=(
        "🔔 Пока меня не было: {n} пост (возможно, вы его уже видели)",
        "🔔 Пока меня не было: {n} поста (часть вы, возможно, уже видели)",
        "🔔 Пока меня не было: {n} постов (часть вы, возможно, уже видели)",
    ),
    seconds="{n} с",
    burst="🔔 Подряд пришло: {count}",
    burst_open="📖 Читать целиком",
    tally=("➕ В списке ещё {n}", "➕ В списке ещё {n}", "➕ В списке ещё {n}"),
    minutes="{n} мин",
    hours="{n} ч",
    days="{n} дн",
)
_ALL: Mapping[str, TellingWords] = {"en": _EN, "ru": _RU}


def telling_words(language: str) -> TellingWords:
    """The words of a language; English for one that is not there."""
    return _ALL.get(language, _EN)
