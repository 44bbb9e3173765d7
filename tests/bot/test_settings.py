from pathlib import Path

import pytest

from bot import settings
from bot.settings import Recent, Server, SettingsError


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
        ("NOTIFY_URL", "https://me:pw@example.org/x?y=z", "https://me:pw@example.org/x?y=z"),
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
        ("DATABASE_URL", "postgresql://localhost/dateline"),
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
        ("READ_ON_WATCH", "14"),
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


@pytest.mark.parametrize("name", ["HEARTBEAT_URL", "NOTIFY_URL"])
@pytest.mark.parametrize(
    "text",
    ["hunter2", "ftp://example.org/hunter2", "http://[hunter2", "http://a:hunter2/", "http://"],
)
def test_an_address_with_a_secret_in_it_is_never_shown(name: str, text: str) -> None:
    assert problems({name: text}) == [f"{name}: is not a web address; see .env.example"]
    good = "https://example.org/hunter2"
    assert "hunter2" not in repr(settings.load({name: good}))


def test_nothing_means_that_no_recent_posts_are_read(tmp_path: Path) -> None:
    assert settings.load({}).read_on_watch == Recent(days=14, posts=500)
    assert settings.load({"READ_ON_WATCH": ""}).read_on_watch is None
    file = tmp_path / "some.env"
    file.write_text("READ_ON_WATCH=\n")
    assert settings.load({}, file).read_on_watch is None
