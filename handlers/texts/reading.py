"""What the bot says of how far channels are read: one record a language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingWords:
    """``recent`` of all channels; the others of one channel, to whoever runs the instance.
    ``spans`` are labels of how far back is read, by days; 0: all there is."""

    recent: str
    reach: str
    reach_uneven: str
    waiting: str
    reading: str
    read: str
    failed: str
    history: str
    history_begun: str
    how_far: str
    further: str
    how_much: str
    spans: tuple[tuple[int, str], ...]
    stop: str
    stopped: str


EN = ReadingWords(
    recent="Recent posts of {channels} are still being read: {posts} so far.",
    reach="The archive reaches back to {first}.",
    reach_uneven="The archive reaches back to {first}, of some channels only to {last}.",
    waiting="{channel} is not read yet.",
    reading="{channel}: recent posts are being read, newest first: {posts}, back to {since}.",
    read="{channel} is stored back to {since}.",
    failed="⚠️ {channel}: reading stopped: {reason}.",
    history="{channel}: the history is being read, oldest first. So far {posts}.",
    history_begun="The history of {channel} is read now, oldest first. I write when it is done.",
    how_far="↻ How far?",
    further="Read further back",
    how_much="How much of {channel} shall I read? Old posts alert nobody.",
    spans=((30, "30 days"), (365, "1 year"), (0, "All")),
    stop="Stop reading",
    stopped="Stopped. What is read stays.",
)

RU = ReadingWords(
    recent="Ещё читаю недавние посты ({channels}): пока {posts}.",
    reach="Начало архива: {first}.",
    reach_uneven="Начало архива: {first}; у некоторых каналов — {last}.",
    waiting="{channel} ещё не читался.",
    reading="{channel}: читаю недавние посты, сначала новые. Пока {posts}, самый ранний: {since}.",
    read="{channel}, самый ранний сохранённый пост: {since}.",
    failed="⚠️ {channel}: чтение прервано: {reason}.",
    history="{channel}: читаю историю, сначала старое. Пока {posts}.",
    history_begun="Читаю историю {channel}, сначала старое. Напишу, когда закончу.",
    how_far="↻ Докуда?",
    further="Прочитать и старое",
    how_much="Сколько прочитать из {channel}? По старым постам оповещений не будет.",
    spans=((30, "30 дней"), (365, "1 год"), (0, "Всё")),
    stop="Прекратить чтение",
    stopped="Прекращено. Прочитанное остаётся.",
)


def reading_words(language: str) -> ReadingWords:
    """What is said in a language: English where there is no other."""
    return RU if language == "ru" else EN
