import io
import json
import logging
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from booth import logs
from booth.core.form import Form, Line
from booth.core.visit import Guest

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

    def test_what_was_hidden_is_forgotten_with_its_visit(self):
        """A name is hidden for as long as one visit has it, and no trace of it is left when the last one is over."""
        logs._hidden.clear()
        logs.hide("Zelda Canary", "zelda@canary.example", of="1")
        logs.hide("Zelda Canary", of="2")
        logs.hide("Zelda Canary", of="2")
        logs.forget("1")
        logs.forget("nobody")
        assert "<private> left" == logs.redact("Zelda Canary left")
        logs.forget("2")
        assert "Zelda Canary left" == logs.redact("Zelda Canary left")
        assert (0, {}, {}) == (len(logs._hidden), logs._hidden._owned, logs._hidden._lengths)

    def test_however_many_wait_none_of_them_gets_out(self):
        """There is no guest too many: the first of five thousand is hidden like the last."""
        logs._hidden.clear()
        for number in range(5000):
            logs.hide(f"Guest Number {number}", of=str(number))
        assert "<private>, <private>, <private>" == logs.redact("Guest Number 0, Guest Number 64, GuestNumber4999")
        logs._hidden.clear()

    def test_what_is_hidden_is_not_kept_in_clear(self):
        """Memory that is looked at, or written out, holds no names for it."""
        logs._hidden.clear()
        logs.hide("Zelda Canary", "zelda@canary.example", of="1")
        assert "canary" not in repr(vars(logs._hidden)).lower()
        logs._hidden.clear()

    def test_the_longest_of_what_begins_alike_is_hidden(self):
        """A guest called Ann does not leave half of Anna Smith in the log."""
        logs._hidden.clear()
        logs.hide("Ann", of="1")
        logs.hide("Anna Smith", of="2")
        assert "<private> and <private>" == logs.redact("Anna Smith and Ann")
        logs._hidden.clear()

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


ODD = [
    *map(chr, (*range(32), *range(0x7F, 0xA0))),
    *"\xad\u061c\u200b\u200e\u2028\u2029\u202e\u2066\u2069\ufeff\U000e0041",
]
"""Characters that move a cursor, turn the direction of writing, end a line, or are not seen."""


class TestTerminal:
    @pytest.mark.parametrize("form", ["console", "json"])
    @pytest.mark.parametrize("odd", ODD, ids=[f"{ord(odd):x}" for odd in ODD])
    def test_no_text_moves_the_cursor_or_forges_a_line(self, form, odd):
        """Wherever it stands (event, key, value, nested, an exception, a library's line), it comes out as an escape."""
        stream = io.StringIO()
        logs.configure("info", form, stream)
        text = f"a{odd}b"
        structlog.get_logger().info(text, **{text: text}, nested={text: [text, Path(text)]}, raw=text.encode())
        logging.getLogger("urllib3").warning("%s", text)
        try:
            raise ValueError(text)
        except ValueError as exc:
            exc.add_note(text)
            structlog.get_logger().exception("bug")
        lines = stream.getvalue().split("\n")
        assert not [line for line in lines if odd in line]
        assert not [line for line in lines if line[:1] not in {"", " ", "{", "2"}]  # a brace, a date, or set in
        assert 3 == len([line for line in lines if line[:1] in {"{", "2"}])

    def test_a_line_of_json_means_what_it_meant(self):
        """An escape in JSON is the character itself to whoever reads it."""
        stream = io.StringIO()
        logs.configure("info", "json", stream)
        odd = "".join(ODD) + "\U000e0041\ud800"
        structlog.get_logger().info("frame.taken", facts=odd)
        (line,) = written(stream)
        assert odd == line["facts"]

    def test_names_of_people_stay_readable(self):
        """Letters of every script and pictures are no danger to anybody."""
        assert "Zo\xeb \u674e\u5c0f\u9f99 \U0001f600" == logs.printable("Zo\xeb \u674e\u5c0f\u9f99 \U0001f600")


HARD = {
    "letters before an @": lambda size: "a" * size + " @",
    "letters, an @ at the end": lambda size: "a" * size + "@",
    "@ alone": lambda size: "@" * size,
    "short addresses": lambda size: "a@a" * (size // 3),
    "encoded @": lambda size: "%40a" * (size // 4),
    "escapes": lambda size: "\\u0041" * (size // 6) + "@x",
    "backslashes": lambda size: "\\" * size + "@x",
    "backslashes and @": lambda size: "\\@" * (size // 2),
    "keys": lambda size: "name={" * (size // 6),
    "keys and blanks": lambda size: "name   " * (size // 7),
    "keys in keys": lambda size: "secret_" * (size // 7) + "=",
    "keys in keys, with a value": lambda size: "secret_" * (size // 7) + "='",
    "headers in headers": lambda size: "x-amz-meta-a" * (size // 12) + "=",
    "quoted keys": lambda size: "name='email=\\\"" * (size // 13),
    "open quotes": lambda size: "name='" + "\\" * size,
    "braces": lambda size: "metadata: {" + "{}" * (size // 2),
    "complaints": lambda size: "Metadata x value: " * (size // 18),
    "beginnings of a hidden name": lambda size: "Zel" * (size // 3),
}


class TestCost:
    @pytest.mark.parametrize("hard", HARD.values(), ids=list(HARD))
    def test_no_text_costs_more_than_its_length(self, hard):
        """Twice as long costs about twice as much, where it used to cost three hundred times its length."""
        logs._hidden.clear()
        logs.hide("Zelda Canary", of="1")

        def cost(size):
            steps = 0

            def trace(frame, event, argument):
                nonlocal steps
                steps += 1
                return trace

            sys.settrace(trace)
            try:
                logs.redact(hard(size))
            finally:
                sys.settrace(None)
            return steps

        assert cost(4000) <= 2.5 * cost(2000) + 500
        logs._hidden.clear()

    @pytest.mark.parametrize("hard", HARD.values(), ids=list(HARD))
    def test_nor_does_what_is_looked_for_in_it(self, hard):
        """The expressions take about as long as for a sentence; steps of Python do not show what they take."""
        logs._hidden.clear()

        def cost(text):
            costs = []
            for _ in range(3):
                begun = time.thread_time()  # the processor's, however busy it is with others
                logs.redact(text)
                costs.append(time.thread_time() - begun)
            return min(costs)

        assert cost(hard(8000)) < 50 * cost("Three frames of a visit: 3 = three. " * 230)

    @pytest.mark.parametrize("hard", HARD.values(), ids=list(HARD))
    def test_a_text_of_a_megabyte_is_cut_off(self, hard):
        """What a stranger may have written is not searched for as long as he likes; how much more it was is told."""
        text = hard(1_000_000)
        shown = logs.redact(text)
        assert shown.endswith(f" ({len(text) - logs.LONGEST} characters more)")
        assert len(shown) < 4 * logs.LONGEST


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
