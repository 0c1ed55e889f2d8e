"""What a run keeps in a session, where the session is one that only says what it was asked."""

from typing import Any, cast

from engine.records.on_spark import OnSpark


class Remote:
    """A session of Spark Connect, as far as a run asks: it has no context."""

    def __getattr__(self, name: str) -> object:
        raise AttributeError(f"[JVM_ATTRIBUTE_NOT_SUPPORTED] `{name}` is not supported")


class Frame:
    """A table that notes what is done with it."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def __getattr__(self, name: str) -> object:
        def noted(*_: object) -> "Frame":
            self.done.append(name)
            return self

        return noted


def test_a_session_without_a_context_has_its_workers_keep_what_is_worked_out() -> None:
    frame = Frame()
    on = OnSpark(cast("Any", Remote()), prefix="run")
    assert on.view("audits", cast("Any", frame), keep=True) == "run_audits"
    assert frame.done == ["localCheckpoint", "createOrReplaceTempView"]
