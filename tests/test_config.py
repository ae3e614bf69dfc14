"""The settings: what is taken, and what a bad one is told."""

import pytest

from config import DISCORD_API_URL, Settings, SettingsError

GOOD = {"DISCORD_PUBLIC_KEY": "Ab" * 32, "DISCORD_APP_ID": "1300000000000000001", "BUCKET_NAME": "my-mandalas"}


def test_settings_are_read() -> None:
    """Three settings are enough; Discord's address has a default."""
    settings = Settings.from_env(GOOD)

    assert settings == Settings(b"\xab" * 32, "1300000000000000001", "my-mandalas", DISCORD_API_URL, "command", "")


def test_spaces_around_a_value_do_not_matter() -> None:
    """A value that was pasted with a line break is the value."""
    assert Settings.from_env({**GOOD, "DISCORD_APP_ID": " 123\n"}).app_id == "123"


def test_all_faults_are_named_at_once() -> None:
    """Nobody mends three settings in three starts."""
    with pytest.raises(SettingsError) as fault:
        Settings.from_env({"DISCORD_API_URL": "discord.com"})

    names = {"DISCORD_PUBLIC_KEY", "DISCORD_APP_ID", "BUCKET_NAME", "DISCORD_API_URL"}
    assert {line.split()[0] for line in str(fault.value).splitlines()[1:]} == names


BAD = {
    "DISCORD_PUBLIC_KEY": ["", "beef", "g" * 64, "ab" * 33, "ab " * 32, "٣" * 64],
    "DISCORD_APP_ID": ["", "mando", "-1", "1" * 21, "١٢٣"],
    "BUCKET_NAME": [
        *(
            "",
            "ab",
            "a" * 64,
            "Mandalas",
            "my mandalas",
            "-mandalas",
            "mandalas-",
            "goog-mandalas",
            "my-google-pictures",
        ),
        *("my-g00gle-pictures", "192.168.0.1", "a..b", "gs://mandalas", "mandalas/", "mandälas"),
    ],
    "PICTURES": ["attachment", "none"],
    "COMMAND": ["no_module", "command.none", "no.such", "a/b", ".", "command."],
    "DISCORD_API_URL": [
        *("discord.com", "ftp://discord.com", "https://", "https://discord.com/api?v=10", "https://me:pw@discord.com"),
        *("https://discord.com:port/", "https://[::1", "https://discord.com/a b"),
        *("https://:pw@discord.com", "https://discord.com/api?", "https://discord.com/api#"),
        *("https://.discord.com", "https://*.discord.com"),
    ],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_bad_value_is_refused(name: str, value: str) -> None:
    """Each malformed value is refused, and its message says where to find the right one."""
    if name == "DISCORD_API_URL" or value:
        with pytest.raises(SettingsError, match=f"{name} must be"):
            Settings.from_env({**GOOD, name: value})
    else:
        with pytest.raises(SettingsError, match=f"{name} is not set"):
            Settings.from_env({**GOOD, name: value})


def test_attachments_need_no_bucket() -> None:
    """PICTURES=attachments goes without BUCKET_NAME; nothing else does."""
    environ = {name: GOOD[name] for name in ("DISCORD_PUBLIC_KEY", "DISCORD_APP_ID")}

    assert not Settings.from_env({**environ, "PICTURES": "attachments"}).bucket_name
    with pytest.raises(SettingsError, match="BUCKET_NAME is not set"):
        Settings.from_env(environ)


@pytest.mark.parametrize("name", ["abc", "mandalas.example.org", "my_mandalas-2026", "a" * 63, "0" * 3])
def test_bucket_name_is_taken(name: str) -> None:
    """What Google takes for a bucket's name is taken."""
    assert Settings.from_env({**GOOD, "BUCKET_NAME": name}).bucket_name == name


def test_slash_at_the_end_of_the_address_is_dropped() -> None:
    """Paths are appended to the address with a slash of their own."""
    url = "http://127.0.0.1:8080/api/v10"

    assert Settings.from_env({**GOOD, "DISCORD_API_URL": f"{url}/"}).discord_api_url == url
