import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from bot import setting_values, settings
from bot.settings import Recent, Server
from storage.errors import SettingsError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def problems(environment: dict[str, str], env_file: Path | None = None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings.load(environment, env_file)
    return [str(problem) for problem in caught.value.problems]


def test_defaults_need_nothing() -> None:
    loaded = settings.load({})
    assert loaded.database_url == "sqlite:///data/dateline.db"
    assert (loaded.access, loaded.timezone, loaded.bot_language) == ("open", "UTC", "en")
    assert loaded.reconcile_interval == 180


def test_database_lies_in_the_data_folder(tmp_path: Path) -> None:
    loaded = settings.load({"DATA_DIR": str(tmp_path)})
    assert loaded.database_url == f"sqlite:///{tmp_path}/dateline.db"
    assert loaded.database_url.startswith("sqlite:////")


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("Berlin", "perhaps Europe/Berlin"),
        ("берлин", "perhaps Europe/Berlin"),
        ("Europe/Berln", "perhaps Europe/Berlin"),
        ("Germany", "perhaps Europe/Berlin"),
        ("Mars", "such as Europe/Berlin"),
    ],
)
def test_a_time_zone_that_is_none_names_the_nearest(text: str, suggestion: str) -> None:
    (problem,) = problems({"TIMEZONE": text})
    assert f"{text!r} is no IANA time zone" in problem and suggestion in problem


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("API_ID", "12345", 12345),
        ("READ_ON_WATCH", "3d,20", Recent(days=3, posts=20)),
        ("API_HASH", "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"),
        ("BOT_TOKEN", "123:made-up_TOKEN", "123:made-up_TOKEN"),
        ("CHANNELS", "@one, https://t.me/two\n-1001700000001 @one", None),
        ("ADMINS", "1, 2 3", frozenset({1, 2, 3})),
        ("ACCESS", "Private", "private"),
        ("TELEGRAM_SERVER", "2@127.0.0.1:4430", Server(dc_id=2, host="127.0.0.1", port=4430)),
        ("TELEGRAM_SERVER", "2@[::1]:4430", Server(dc_id=2, host="::1", port=4430)),
        ("RECONCILE_INTERVAL", "0.5", 0.5),
        ("SEND_RATE_GROUP", "20", 20.0),
        ("BURST_AFTER", "0", 0),
        ("BURST_AFTER", "5", 5),
        ("PREVIEW_BASE_URL", "http://127.0.0.1:8000/s", "http://127.0.0.1:8000/s/"),
        ("TIMEZONE", "Europe/Berlin", "Europe/Berlin"),
        ("KEEP_SENT", "30d", timedelta(days=30)),
        ("KEEP_DOCUMENTS", "1095d", timedelta(days=1095)),
        ("NOTIFY_URL", "https://me:pw@example.org/x?y=z", "https://me:pw@example.org/x?y=z"),
        ("TIMESTAMP_URL", "https://example.org/tsa", "https://example.org/tsa"),
        ("EVIDENCE_CHANNEL", "@ledger", "@ledger"),
        ("EVIDENCE_CHANNEL", "-1001700000001", "-1001700000001"),
        ("EVIDENCE_CHANNEL", "https://t.me/ledger", "https://t.me/ledger"),
    ],
)
def test_value_is_parsed(name: str, text: str, value: object) -> None:
    if name == "CHANNELS":
        value = ("@one", "https://t.me/two", "-1001700000001")
    assert getattr(settings.load({name: text}), name.lower()) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("API_ID", "twelve"),
        ("API_ID", "-1"),
        ("API_HASH", "with space"),
        ("BOT_TOKEN", "not-a-token"),
        ("ADMINS", "1,@someone"),
        ("ACCESS", "closed"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "postgresql://ann:a/b@localhost/dateline"),
        ("BOT_LANGUAGE", "eo"),
        ("TIMEZONE", "Mars/Olympus"),
        ("TIMEZONE", "../../etc/passwd"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
        ("TELEGRAM_SERVER", "127.0.0.1:4430"),
        ("TELEGRAM_SERVER", "2@127.0.0.1:99999"),
        ("TELEGRAM_SERVER_KEY", "nowhere.pem"),
        ("RECONCILE_INTERVAL", "0"),
        ("RECONCILE_INTERVAL", "nan"),
        ("SEND_RATE", "inf"),
        ("BURST_AFTER", "-1"),
        ("BURST_AFTER", "often"),
        ("RECHECK_POSTS", "many"),
        ("EVIDENCE_CHANNEL", "https://t.me/+hash"),
        ("EVIDENCE_CHANNEL", "a channel"),
        ("TIMESTAMP_URL", "tsa.example.org"),
        ("READ_ON_WATCH", "14"),
        ("KEEP_SENT", "0d"),
        ("KEEP_PROBLEMS", "90"),
        ("KEEP_DOCUMENTS", "1y"),
        ("KEEP_REVISIONS", "-3d"),
        ("KEEP_GROUP_POSTS", "99999999d"),
        ("READ_ON_WATCH", "0d,500"),
        ("PREVIEW_BASE_URL", "file:///etc"),
        ("METRICS_ADDRESS", "9090"),
    ],
)
def test_wrong_value_names_its_setting(name: str, text: str) -> None:
    (problem,) = problems({name: text})
    assert problem.startswith(f"{name}: ")


def test_all_problems_come_at_once_and_show_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text("BOT_TOKN=1:abcdefghij\nAPI_ID=secret-thing\nACCESS=maybe\n", encoding="utf-8")
    found = problems({"BOT_TOKEN": "hush hush"}, file)
    assert len(found) == 4
    assert any("unknown setting BOT_TOKN" in line and "BOT_TOKEN" in line for line in found)
    assert not any("hush" in line or "secret-thing" in line for line in found)


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TIMEZONE=Asia/Almaty\nACCESS=private\n", encoding="utf-8")
    loaded = settings.load({"TIMEZONE": "Europe/Berlin"})
    assert (loaded.timezone, loaded.access) == ("Europe/Berlin", "private")


def test_unknown_name_in_the_environment_is_not_ours() -> None:
    assert settings.load({"PATH_OF_SOMETHING": "x", "LANGUAGE": "ru"}).bot_language == "en"


def test_named_file_must_be_there(tmp_path: Path) -> None:
    (problem,) = problems({}, tmp_path / "absent")
    assert "absent" in problem


def test_secret_is_read_from_its_file(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("123:from-a-file\n", encoding="utf-8")
    assert settings.load({"BOT_TOKEN_FILE": str(token)}).bot_token == "123:from-a-file"
    both = {"BOT_TOKEN_FILE": str(token), "BOT_TOKEN": "123:direct"}
    assert settings.load(both).bot_token == "123:direct"
    (problem,) = problems({"API_HASH_FILE": str(tmp_path / "absent")})
    assert problem.startswith("API_HASH_FILE: ")


def test_secrets_stay_out_of_the_record_s_repr() -> None:
    loaded = settings.load({"BOT_TOKEN": "123:made-up", "API_HASH": "abcdef"})
    assert "made-up" not in repr(loaded)
    assert "abcdef" not in repr(loaded)


def test_what_is_required_is_asked_for_together() -> None:
    with pytest.raises(SettingsError) as caught:
        settings.load({"API_ID": "1"}).require("api_id", "api_hash", "bot_token")
    assert [problem.where for problem in caught.value.problems] == ["API_HASH", "BOT_TOKEN"]


def test_example_file_names_every_setting_and_no_other() -> None:
    example = Path(__file__).parents[2] / ".env.example"
    lines = example.read_text(encoding="utf-8").splitlines()
    names = {line.lstrip("# ").split("=")[0] for line in lines if "=" in line and " = " not in line}
    assert names == set(settings.NAMES)
    assert settings.load({}, example).bot_token is None


def test_the_example_file_shows_the_defaults() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^# ([A-Z_]+)=(.+)$", example, re.MULTILINE))
    del shown["TELEGRAM_SERVER"]  # One is shown; the default is Telegram's own.
    defaults = settings.load({})
    named = {field.name.upper() for field in fields(defaults) if getattr(defaults, field.name)}
    assert set(shown) == named - {"DATABASE_URL"}
    shown["DATABASE_URL"] = defaults.database_url
    assert settings.load(shown) == defaults


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("API_ID", "1", str(2**31 - 1)),
        ("RECHECK_POSTS", "1", "999999999"),
        ("BURST_AFTER", "0", "999999999"),
        ("SEND_RATE", "0.001", "999999999.5"),
        ("READ_ON_WATCH", "1d,1", "9999d,999999"),
        ("READ_ON_WATCH", "1d 1", "9999d 999999"),
        ("API_HASH", "0", "f" * 64),
        ("BOT_TOKEN", "1:a", f"{'1' * 20}:{'A' * 100}"),
        ("ADMINS", "1", "9" * 19),
        ("TELEGRAM_SERVER", "1@h:1", "32767@h:65535"),
        ("METRICS_ADDRESS", ":0", "[::1]:65535"),
    ],
)
def test_the_least_and_the_most_are_taken(name: str, least: str, most: str) -> None:
    for text in (least, most):
        assert getattr(settings.load({name: text}), name.lower()) is not None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("API_ID", "0"),
        ("API_ID", str(2**31)),
        ("API_ID", "١٢"),
        ("RECHECK_POSTS", "0"),
        ("RECHECK_POSTS", "1000000000"),
        ("RECHECK_POSTS", "١٢"),
        ("BURST_AFTER", "1000000000"),
        ("BURST_AFTER", "١٢"),
        ("SEND_RATE", "1000000000"),
        ("READ_ON_WATCH", "10000d,1"),
        ("READ_ON_WATCH", "1d,1000000"),
        ("API_HASH", "f" * 65),
        ("BOT_TOKEN", f"{'1' * 21}:a"),
        ("BOT_TOKEN", f"1:{'A' * 101}"),
        ("ADMINS", "9" * 20),
        ("TELEGRAM_SERVER", "32768@h:1"),
        ("TELEGRAM_SERVER", "1@h:0"),
        ("TELEGRAM_SERVER", "1@h:65536"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "postgres://a:b"),
        ("PREVIEW_BASE_URL", "https:///s/"),
        ("HEARTBEAT_URL", "http://example.org:0/"),
        ("HEARTBEAT_URL", "http://example.org/a b"),
        ("HEARTBEAT_URL", "http://example.org/\u202e"),
    ],
)
def test_what_is_beyond_them_is_not(name: str, text: str) -> None:
    (problem,) = problems({name: text})
    assert problem.startswith(f"{name}: ")
    assert problem.endswith("; see .env.example")


def test_why_a_value_is_refused_is_said() -> None:
    assert problems({"ADMINS": "1 @ann @bob"}) == [
        "ADMINS: '@ann' is not a numeric id; see .env.example"
    ]
    assert problems({"ACCESS": "closed"}) == [
        "ACCESS: 'closed' is none of open, private; see .env.example"
    ]
    (problem,) = problems({"DATABASE_URL": "postgresql://ann:secret?@x/y"})
    assert problem.startswith("DATABASE_URL: is not of the form sqlite:///PATH or postgresql://")
    assert "secret" not in problem
    server = {"DATABASE_URL": "postgresql://x/y", "BACKUP_DIR": "copies"}
    assert problems(server) == ["BACKUP_DIR: is for a database in a file; use pg_dump"]
    assert problems({"TELEGRAM_SERVER_KEY": "nowhere.pem"}) == [
        "TELEGRAM_SERVER_KEY: there is no file nowhere.pem; name a key"
    ]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("LOG_LEVEL", "DEBUG", "debug"),
        ("LOG_LEVEL", "error", "error"),
        ("LOG_FORMAT", "json", "json"),
        ("AUTHORS", "full", "full"),
        ("AUTHORS", "pseudonym", "pseudonym"),
        ("BOT_LANGUAGE", "ru", "ru"),
        ("PREVIEW_BASE_URL", "http://127.0.0.1/", "http://127.0.0.1/"),
        ("DATA_DIR", "~/x", Path("~/x").expanduser()),
        ("DATABASE_URL", "sqlite:///x.db", "sqlite:///x.db"),
        ("METRICS_ADDRESS", "localhost:9090", "localhost:9090"),
    ],
)
def test_choices_and_addresses_are_taken(name: str, text: str, value: object) -> None:
    assert getattr(settings.load({name: f" {text} "}), name.lower()) == value


def test_a_setting_is_required_by_what_is_to_be_done_about_it() -> None:
    with pytest.raises(SettingsError) as caught:
        settings.load({}).require("api_id", "bot_token", "metrics_address")
    assert [str(problem) for problem in caught.value.problems] == [
        "API_ID: is not set; get one at https://my.telegram.org and set it in .env",
        "BOT_TOKEN: is not set; get one from @BotFather and set it in .env",
        "METRICS_ADDRESS: is not set; set it",
    ]


def test_a_secrets_file_in_the_environment_wins_over_a_secret_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("123:from-a-file\n", encoding="utf-8")
    file = tmp_path / "some.env"
    file.write_text("BOT_TOKEN=123:direct\n", encoding="utf-8")
    named = {"BOT_TOKEN_FILE": str(tmp_path / "token")}
    assert settings.load(named, file).bot_token == "123:from-a-file"
    file.write_text(f"BOT_TOKEN=123:direct\nBOT_TOKEN_FILE={tmp_path / 'token'}\n")
    assert settings.load({}, file).bot_token == "123:direct"
    (tmp_path / "token").write_bytes(b"\xff")
    (problem,) = problems(named)
    what = f"BOT_TOKEN_FILE: {tmp_path / 'token'} cannot be read: it is not UTF-8 text"
    assert problem == f"{what}; name a file that can be"


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "some.env"
    file.write_bytes(b"\xff\xfe")
    (problem,) = problems({}, file)
    assert problem.startswith(f"{file}: cannot be read: it is not UTF-8 text; make it readable, or")
    file.write_text("\ufeffTIMEZONE=Europe/Berlin\n", encoding="utf-8")
    assert settings.load({}, file).timezone == "Europe/Berlin"
    file.write_text("zzz=1\ntimezon=1\n", encoding="utf-8")
    assert problems({}, file) == [
        f"{file}: unknown setting zzz; see .env.example",
        f"{file}: unknown setting timezon; did you mean TIMEZONE?",
    ]


@pytest.mark.parametrize("name", ["HEARTBEAT_URL", "NOTIFY_URL"])
@pytest.mark.parametrize(
    "text",
    ["hunter2", "ftp://example.org/hunter2", "http://[hunter2", "http://a:hunter2/", "http://"],
)
def test_an_address_with_a_secret_in_it_is_never_shown(name: str, text: str) -> None:
    assert problems({name: text}) == [f"{name}: is not a web address; see .env.example"]
    good = "https://example.org/hunter2"
    assert "hunter2" not in repr(settings.load({name: good}))


@pytest.mark.parametrize("text", ["two words", " ", "hunter2\t", "hunter2\x7f", "hünter2"])
def test_a_key_is_one_word_of_plain_letters_and_never_shown(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is no key$"):
        setting_values.secret(text)
    assert setting_values.secret("hunter2/+=") == "hunter2/+="


def test_nothing_means_that_no_recent_posts_are_read(tmp_path: Path) -> None:
    assert settings.load({}).read_on_watch == Recent(days=14, posts=500)
    assert settings.load({"READ_ON_WATCH": ""}).read_on_watch is None
    file = tmp_path / "some.env"
    file.write_text("READ_ON_WATCH=\n")
    assert settings.load({}, file).read_on_watch is None


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "1e9", "x", "", "0.0"])
def test_a_number_is_positive_and_below_a_thousand_million(text: str) -> None:
    with pytest.raises(ValueError, match="is not a positive number"):
        setting_values.number(text)
    for known in ("0.5", "20", "999999999"):
        assert setting_values.number(known) == float(known)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "", "1000000000", "\u0661"])
def test_a_count_is_whole_positive_and_below_a_thousand_million(text: str) -> None:
    with pytest.raises(ValueError, match="is not a positive whole number"):
        setting_values.count(text)
    assert (setting_values.count("1"), setting_values.count("999999999")) == (1, 999_999_999)
