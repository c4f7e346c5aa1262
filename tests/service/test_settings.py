from dataclasses import fields
from pathlib import Path

import pytest

from service.settings import Settings, SettingsError, variable

DOCS = Path(__file__).parents[2] / "docs" / "http.md"
NAMES = [variable(setting.name) for setting in fields(Settings)]


def test_nothing_set_means_the_defaults() -> None:
    assert Settings.from_env({}) == Settings()


def test_an_empty_variable_means_the_default() -> None:
    assert Settings.from_env(dict.fromkeys(NAMES, "")) == Settings()


def test_every_setting_is_read() -> None:
    read = Settings.from_env(
        {
            "SECONDHAND_REDIS_URL": "redis://example.com/1",
            "SECONDHAND_DATA_DIR": "/var/lib/secondhand",
            "SECONDHAND_KEY_PREFIX": "desk-2",
            "SECONDHAND_ACKNOWLEDGE": "replica",
            "SECONDHAND_MAX_BODY_BYTES": "1000",
            "SECONDHAND_WORKERS": "4",
            "SECONDHAND_THREADS": "3",
        }
    )
    assert read == Settings(
        redis_url="redis://example.com/1",
        data_dir=Path("/var/lib/secondhand"),
        key_prefix="desk-2",
        acknowledge="replica",
        max_body_bytes=1000,
        workers=4,
        threads=3,
    )
    default = Settings()
    assert not [
        s.name for s in fields(Settings) if getattr(read, s.name) == getattr(default, s.name)
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECONDHAND_REDIS_URL", "localhost:6379"),
        ("SECONDHAND_REDIS_URL", "http://localhost"),
        ("SECONDHAND_KEY_PREFIX", "two words"),
        ("SECONDHAND_KEY_PREFIX", "{tag}"),
        ("SECONDHAND_ACKNOWLEDGE", "nobody"),
        ("SECONDHAND_MAX_BODY_BYTES", "2MB"),
        ("SECONDHAND_MAX_BODY_BYTES", "0"),
        ("SECONDHAND_WORKERS", "-1"),
        ("SECONDHAND_THREADS", "many"),
    ],
)
def test_a_bad_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} must be "):
        Settings.from_env({name: value})


def test_a_password_is_never_shown() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"SECONDHAND_REDIS_URL": "redi://:hunter2@example.com"})
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(Settings(redis_url="redis://:hunter2@example.com"))


def test_variables_that_a_container_platform_makes_up_are_left_alone() -> None:
    environ = {"SECONDHAND_PORT": "tcp://10.0.0.1:80", "SECONDHAND_SERVICE_HOST": "10.0.0.1"}
    assert Settings.from_env(environ) == Settings()


@pytest.mark.parametrize("setting", fields(Settings), ids=NAMES)
def test_every_setting_is_documented_with_its_default(setting) -> None:
    rows = [row for row in DOCS.read_text(encoding="utf-8").splitlines() if row.startswith("|")]
    (row,) = [row for row in rows if row.startswith(f"| `{variable(setting.name)}`")]
    assert setting.default is None or f"`{setting.default}`" in row


def test_every_field_is_described() -> None:
    assert Settings.__doc__ is not None
    assert [s.name for s in fields(Settings) if f"{s.name}:" not in Settings.__doc__] == []
