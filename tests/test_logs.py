"""No log line holds anybody's words (S10, H6)."""

from __future__ import annotations

import io
import logging
import logging.config
from typing import Any

import pytest
from django.conf import settings

from alongside.logs import WithoutWords

CANARY = "our-son-Ansel-9f31"


def logged(act: str = "raise", **more: object) -> str:
    """Return what is written when something with the canary in its message fails."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(WithoutWords())
    logger = logging.Logger("alongside.somewhere")
    logger.addHandler(handler)
    try:
        _fail(act)
    except BaseException:
        logger.exception("a page could not be made", **more)  # type: ignore[arg-type]
    return out.getvalue()


def _fail(act: str) -> None:
    said = CANARY
    if act == "raise":
        raise ValueError(f"invalid literal: {said!r}")
    if act == "chain":
        try:
            raise KeyError(said)
        except KeyError as error:
            raise RuntimeError(f"while reading {said}") from error
    if act == "during":
        try:
            raise KeyError(said)
        except KeyError:
            raise RuntimeError(said) from None
    if act == "group":
        raise ExceptionGroup(said, [ValueError(said), TypeError(said)])
    if act == "note":
        noted = ValueError("x")
        noted.add_note(said)
        raise noted
    if act == "named":
        raise type(f"Error_{1}", (Exception,), {"__module__": "tests"})(said)


@pytest.mark.parametrize("act", ["raise", "chain", "during", "group", "note", "named"])
def test_an_exceptions_message_is_not_in_the_line(act: str) -> None:
    text = logged(act)
    assert CANARY not in text
    assert "a page could not be made" in text
    assert "test_logs.py" in text, "where it happened"
    assert "Error" in text or "ExceptionGroup" in text, "of what kind it was"


def test_source_lines_are_not_in_it_either() -> None:
    assert "raise ValueError" not in logged()


def test_what_another_formatter_has_written_before_is_not_repeated() -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", None, None)
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    assert CANARY in logging.Formatter().format(record)
    assert CANARY not in WithoutWords().format(record)


@pytest.mark.parametrize("name", ["django.request", "django.security.csrf", "django.security.DisallowedHost"])
@pytest.mark.parametrize("level", [logging.WARNING, logging.ERROR])
def test_what_people_read_is_not_written_down_by_the_framework(
    name: str, level: int, capfd: pytest.CaptureFixture[str]
) -> None:
    """A logger without any handler would fall back to logging's last resort, which writes to standard error."""
    logging.config.dictConfig(settings.LOGGING)
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger(name).log(level, "Not Found: /read/%s/", CANARY, exc_info=True)
    written = capfd.readouterr()
    assert CANARY not in written.err + written.out


def test_every_handler_writes_without_words() -> None:
    said: dict[str, Any] = settings.LOGGING
    assert {handler.get("formatter", "none") for handler in said["handlers"].values()} <= {"quiet", "none"}
    assert said["formatters"]["quiet"]["()"] == "alongside.logs.WithoutWords"
