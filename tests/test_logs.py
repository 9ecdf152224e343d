import io
import json
import logging
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from booth import logs
from booth.core.form import Form, Line
from booth.core.session import Guest

ROOT = Path(__file__).parent.parent
NAME = "Zoë O'Néill"
EMAIL = "zoe+booth@example.org"


class Terminal(io.StringIO):
    """A stream that people look at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_it_was():
    """Give logging back as it was: it is one for the whole process."""
    root = logging.getLogger()
    level = root.level
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    yield
    root.handlers[:] = [handler for handler in root.handlers if not isinstance(handler, logs._Handler)]
    root.setLevel(level)
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    structlog.reset_defaults()
    logs._hidden.clear()


@pytest.fixture(params=["console", "json"])
def out(request):
    """Log to memory, the one way or the other."""
    stream = io.StringIO()
    logs.configure("debug", request.param, stream)
    return stream


def written(stream: io.StringIO) -> list[dict]:
    """Return the lines, read as the journal's reader would."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def private(stream: io.StringIO) -> set[str]:
    """Return what got out of the guest's details, in any spelling, whole or in parts that tell who it was."""
    text = stream.getvalue()
    assert text.endswith("\n")
    return {part for part in ("Zoë", "Zo\\xeb", "Zo\\u00eb", "Zo%C3%AB", "Néill", "zoe", "example.org") if part in text}


class TestShape:
    def test_under_the_journal_a_line_is_json(self):
        """Off a terminal, "auto" is a JSON object a line: when, how grave, what, and the facts."""
        stream = io.StringIO()
        logs.configure("info", "auto", stream)
        before = datetime.now(UTC)
        structlog.get_logger().info("frame.taken", session="20261122-170512-k3v9q2m7xw", frame=3, seconds=0.84)
        (line,) = written(stream)
        assert ["timestamp", "level", "event"] == list(line)[:3]
        assert before <= datetime.fromisoformat(line.pop("timestamp")) <= datetime.now(UTC)
        assert {
            "level": "info",
            "event": "frame.taken",
            "session": "20261122-170512-k3v9q2m7xw",
            "frame": 3,
            "seconds": 0.84,
        } == line

    def test_on_a_terminal_a_line_is_for_people(self):
        """On a terminal, "auto" is text: no braces, the event first, facts as key=value."""
        stream = Terminal()
        logs.configure("info", "auto", stream)
        structlog.get_logger().info("frame.taken", frame=3)
        assert "frame.taken" in stream.getvalue()
        assert "{" not in stream.getvalue()

    @pytest.mark.parametrize(("wanted", "stream"), [("json", Terminal()), ("console", io.StringIO())])
    def test_what_is_asked_for_is_what_comes(self, wanted, stream):
        """A format that was chosen holds wherever the lines go."""
        logs.configure("info", wanted, stream)
        structlog.get_logger().info("frame.taken")
        assert (wanted == "json") == stream.getvalue().startswith("{")

    def test_lines_below_the_level_are_not_written(self):
        """The level is the least that is told."""
        stream = io.StringIO()
        logs.configure("warning", "json", stream)
        log = structlog.get_logger()
        log.info("frame.taken")
        log.warning("frame.late")
        assert ["frame.late"] == [line["event"] for line in written(stream)]

    def test_libraries_are_heard_from_warning_up_in_the_same_shape(self, out):
        """What botocore or gpiozero has to say comes out like our own lines, and only when it matters."""
        logging.getLogger("botocore.endpoint").info("chatter")
        logging.getLogger("botocore.endpoint").warning("no route to %s", "s3.example.com")
        (line,) = out.getvalue().splitlines()
        assert "no route to s3.example.com" in line
        assert "botocore.endpoint" in line
        assert "chatter" not in line

    def test_a_logger_made_before_the_set_up_is_set_up_too(self):
        """Modules make their loggers when they are imported; the last call of `configure` is what counts."""
        log = structlog.get_logger()
        streams = io.StringIO(), io.StringIO()
        for stream in streams:
            logs.configure("info", "json", stream)
            log.info("frame.taken")
            logging.getLogger("urllib3").warning("retrying")
        assert [2, 2] == [len(written(stream)) for stream in streams]

    def test_an_exception_is_told_with_its_frames(self, out):
        """A bug comes with the traceback that finds it, chained causes too."""
        try:
            try:
                {}["frame"]
            except KeyError as exc:
                raise RuntimeError("no frame") from exc
        except RuntimeError:
            structlog.get_logger().exception("bug")
        assert "KeyError: 'frame'" in out.getvalue()
        assert "RuntimeError: no frame" in out.getvalue()
        assert "test_logs.py" in out.getvalue()

    def test_importing_it_imports_nothing_heavy(self):
        """Structlog comes when logging is set up, not for `booth --help`."""
        code = "import sys, booth.logs; print('structlog' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert "False\n" == done.stdout


class TestPrivacy:
    @pytest.mark.parametrize(
        "facts",
        [
            {"name": NAME},
            {"Name": NAME, "EMAIL": EMAIL},
            {"guest_name": NAME, "email_address": EMAIL},
            {"guest": {"who": NAME}},
            {"metadata": {"who": NAME, "session": "x"}},
            {"secret_access_key": NAME},
            {"form": {"fields": [{"name": NAME}, ({"email": EMAIL},)]}},
            {"deep": [[[[[[[[[[[[{"name": NAME}]]]]]]]]]]]]},
            {"why": f"cannot write to {EMAIL}"},
            {"why": f"<{EMAIL}>"},
            {"why": EMAIL.encode()},
            {"why": "zoë@example.org"},
            {"why": ascii("zoë@example.org")},
            {"why": json.dumps("zoë@example.org")},
            {"why": "x-amz-meta-email:zoe%2Bbooth%40example.org"},
            {"why": f"text: {{'name': {NAME!r}, 'event': 'party'}}"},
            {"why": f"text: {json.dumps({'name': NAME, 'n': {'email': EMAIL}})}"},
            {"why": json.dumps(json.dumps({"name": NAME}))},
            {"why": f"Parcel(key='k', metadata={{'who': {NAME!r}, 'n': {{'x': {NAME!r}}}}})"},
            {"why": "x-amz-meta-name='Zo%C3%AB O\\'N%C3%A9ill'"},
            {"why": f"user_name={NAME!r} e-mail={EMAIL}"},
            {EMAIL: "a key"},
            {"why": {EMAIL: "an inner key"}},
            {"why": Guest(NAME, EMAIL)},
            {"why": Form(name=Line(NAME), email=Line(EMAIL))},
        ],
    )
    def test_facts_give_no_guest_away(self, out, facts):
        """A name or an address given to the log by mistake does not get out: by key, nested, or in a text."""
        structlog.get_logger().warning("entry.refused", **facts)
        assert set() == private(out)

    @pytest.mark.parametrize(
        "says", [f"bad address {EMAIL}", f"bad\n{EMAIL}\n", f"{{'name': {NAME!r}}}", f"name={NAME!r}"]
    )
    def test_exceptions_give_no_guest_away(self, out, says):
        """Neither what an exception says, nor its notes, nor its causes, nor the locals around it get out."""

        def fails(name, email):
            cause = ValueError(says)
            cause.add_note(f"while sending to {EMAIL}")
            raise RuntimeError("failed") from cause

        try:
            fails(NAME, EMAIL)
        except RuntimeError as exc:
            structlog.get_logger().exception("bug")
            structlog.get_logger().error("bug", error=exc.__cause__, why=str(exc.__cause__))
            logging.getLogger("urllib3").exception("failed")
        assert set() == private(out)

    def test_libraries_give_no_guest_away(self, out):
        """What a library logs is cleaned like our own lines, its arguments too."""
        root = logging.getLogger()
        root.handlers[:] = [handler for handler in root.handlers if isinstance(handler, logs._Handler)]  # not pytest's
        log = logging.getLogger("botocore")
        log.warning("to %s: %s", EMAIL, {"Metadata": {"name": NAME}})
        log.warning("%d", EMAIL)  # a mistake of theirs: logging would print the arguments
        log.warning("sent", extra={"guest": NAME})
        assert set() == private(out)
        assert "a line of botocore could not be written" in out.getvalue()

    def test_a_refusal_by_boto3_gives_no_guest_away(self, out):
        """boto3 repeats the metadata that it does not like; the line about it does not."""
        import boto3
        from botocore.exceptions import ParamValidationError

        client = boto3.client(
            "s3",
            region_name="us-east-1",
            aws_access_key_id="id",
            aws_secret_access_key="x",  # noqa: S106 - it opens nothing
            endpoint_url="http://[::1]:9",
        )
        for metadata in ({"name": NAME, "email": EMAIL}, [NAME], f"name={NAME}"):
            try:
                client.put_object(Bucket="booth", Key="key", Body=b"", Metadata=metadata)
            except ParamValidationError as exc:
                structlog.get_logger().exception("bug", why=str(exc))
        client.close()
        assert out.getvalue().count("ParamValidationError") >= 3
        assert set() == private(out)

    @pytest.mark.parametrize(
        "says",
        [
            f"cannot draw {NAME} in this font",
            f"cannot draw {NAME!a}",
            "cannot send Zo%C3%AB O'N%C3%A9ill",
            "cannot send Zo%C3%AB%20O%27N%C3%A9ill",
        ],
    )
    def test_what_was_hidden_stays_hidden_in_any_sentence(self, out, says):
        """A name that no pattern could tell from other words does not get out once `hide` was told of it."""
        logs.hide(NAME, EMAIL)
        try:
            raise ValueError(says)
        except ValueError:
            structlog.get_logger().exception("bug", why=says)
        assert set() == private(out) - {"example.org"}

    def test_only_the_last_guests_are_remembered(self):
        """The list of what is hidden does not grow with the party, nor by the same guest twice."""
        for number in range(500):
            logs.hide(f"guest {number}", f"guest {number}")
        assert 64 == len(logs._hidden)
        assert "<private> guest 3" == logs.redact("guest 499 guest 3")

    def test_short_words_are_not_hidden(self):
        """A guest called Al does not make every al of the log disappear."""
        logs.hide("", "Al")
        assert "All is well, Al" == logs.redact("All is well, Al")

    @pytest.mark.parametrize("kind", [ValueError, SystemExit])
    def test_what_nobody_caught_gives_no_guest_away(self, out, kind):
        """The last words of a thread or of the process go through here, not past it."""
        thread = threading.Thread(target=lambda: (_ for _ in ()).throw(kind(f"bad address {EMAIL}")))
        thread.start()
        thread.join()
        try:
            raise ValueError(f"bad address {EMAIL}")
        except ValueError as exc:
            sys.excepthook(type(exc), exc, exc.__traceback__)
        assert (2 if kind is ValueError else 1) == out.getvalue().count("ValueError: bad address <private>")
        assert set() == private(out)

    def test_what_fails_while_it_is_thrown_away_gives_no_guest_away(self, out):
        """An exception in a destructor is a line like any other."""

        class Torn:
            def __del__(self):
                raise ValueError(f"bad address {EMAIL}")

        Torn()
        assert "ValueError: bad address <private>" in out.getvalue()
        assert set() == private(out)

    def test_an_interruption_is_python_s_business(self, capsys):
        """Ctrl-C is no bug, and not logged as one."""
        stream = io.StringIO()
        logs.configure("info", "json", stream)
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
        assert "" == stream.getvalue()
        assert "KeyboardInterrupt" in capsys.readouterr().err

    @settings(deadline=None)  # other tests share the processor
    @given(st.emails(), st.text(), st.text())
    def test_no_address_gets_out_of_any_text(self, address, before, after):
        """Whatever stands around an address, the address as a whole is gone."""
        logs._hidden.clear()
        assert address not in logs.redact(f"{before} {address} {after}")

    @pytest.mark.parametrize(
        "text",
        [
            "no route to s3.example.com:443 after 3 attempts",
            "[Errno 28] No space left on device: '/var/lib/booth/outbox/open/20261122-170512-k3v9q2m7xw'",
            "name 'frame' is not defined",
            "An error occurred (NoSuchBucket) when calling the PutObject operation: the bucket does not exist",
            "filename='frame-1.jpg', hostname: booth",
            "@property",
        ],
    )
    def test_what_is_not_private_stays_as_it_is(self, text):
        """A log that hides everything helps nobody."""
        assert text == logs.redact(text)


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.sampled_from(
    ['name:", "x": "', "name='", 'Metadata, value: "', '"@x', 'x@"', "\\u00e9@x.org", "\\@", '{"name": "', "%40"]
)  # fmt: skip
EVENTS = st.dictionaries(
    st.text(),
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner),
        max_leaves=8,
    ),
    max_size=4,
)


class TestRobustness:
    @settings(deadline=None)  # other tests share the processor
    @given(EVENTS)
    def test_every_line_for_the_journal_is_json(self, facts):
        """Whatever is logged, the line is one line and one JSON object: cleaning never breaks it."""
        stream = io.StringIO()
        logs.configure("info", "json", stream)
        logs.hide('", "', "level", "event", "name")
        structlog.get_logger().bind(**{f"x{key}": value for key, value in facts.items()}).info("frame.taken")
        (line,) = stream.getvalue().rstrip("\n").split("\n")
        assert "info" == json.loads(line)["level"]

    @settings(deadline=None)  # other tests share the processor
    @given(st.text(alphabet="ab@.=:'\"{}\\%40name "))
    def test_cleaning_twice_changes_nothing_more(self, text):
        """What has been cleaned is clean."""
        logs._hidden.clear()
        once = logs.redact(text)
        assert once == logs.redact(once)

    def test_a_value_that_contains_itself_is_written(self, out):
        """A loop in a value costs a long line, not the booth."""
        loop: list = [NAME and 1]
        loop.append(loop)
        structlog.get_logger().info("frame.taken", loop=loop)
        assert "frame.taken" in out.getvalue()

    def test_a_stream_that_is_gone_does_not_harm_the_booth(self, out):
        """A line that cannot be written is lost; a visit is not."""
        out.close()
        structlog.get_logger().error("frame.failed")
        logging.getLogger("urllib3").warning("retrying")

    def test_lines_of_many_threads_stay_whole(self):
        """Workers log at the same time; every line is one of them, whole."""
        stream = io.StringIO()
        logs.configure("info", "json", stream)

        def work(worker: int) -> None:
            for number in range(50):
                structlog.get_logger().info("frame.taken", worker=worker, frame=number)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {(worker, frame) for worker in range(4) for frame in range(50)} == {
            (line["worker"], line["frame"]) for line in written(stream)
        }
