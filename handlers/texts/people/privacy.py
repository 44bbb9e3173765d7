"""What the bot says of what it keeps of people, and of itself."""

from storage.documents.authors import Keep
from storage.languages.records import Texts


class PrivacyWords(Texts, frozen=True, kw_only=True):
    """``alerts`` is a counted noun, ``version`` Dateline's, ``example`` a command to copy."""

    CONTEXT = "privacy"

    title: str = "What I keep of you"
    named: str = (
        "Your Telegram number, name, user name and language, as Telegram tells them when you "
        "write to me; the time zone and the settings that you chose."
    )
    managed: str = "Which groups and channels you manage, where you told me to do something."
    asked: str = (
        "{alerts} and your digests, reviews, silences and surges; your collections with their "
        "notes; the links and feeds that you made; the queries that you searched for last, and "
        "what you asked the operator for."
    )
    sent: str = "What I sent you and when: so nothing comes twice, and /why can be answered."
    authors_channels: str = "Of posts in watched groups I do not keep which person wrote them."
    authors_pseudonym: str = (
        "Of posts in watched groups I keep a pseudonym in place of who wrote them."
    )
    authors_full: str = "Of posts in watched groups I keep who wrote them."
    stays: str = (
        "It lies on the computer of whoever runs this bot. I give it to nobody, and use it for "
        "nothing but what you ask me for."
    )
    yours: str = "All of it as a file: /mydata. Delete all of it: /forgetme."
    in_private: str = "That is nothing for all who read here. In a private chat with me: {example}"
    file_caption: str = "All that I keep of this chat, as of now."
    file_cut: str = (
        "What I keep of this chat, as of now: the newest of it, for one file does not hold all."
    )
    about: str = (
        "I am Dateline {version}. I watch public channels on Telegram and tell you what they "
        "publish, in their own words, with a link to each post. I am run by people, not by "
        "Telegram."
    )
    watched: str = "Watched: {channels}."
    about_more: str = (
        "What I can do: /help. What is watched: /channels. What I keep of you: /privacy."
    )

    def authors(self, keep: Keep) -> str:
        """What is kept of those who post in watched groups."""
        match keep:
            case "channels":
                return self.authors_channels
            case "pseudonym":
                return self.authors_pseudonym
            case "full":
                return self.authors_full


def privacy_words(language: str) -> PrivacyWords:
    """What is said in a language: English where there is no other."""
    return PrivacyWords.of(language)
