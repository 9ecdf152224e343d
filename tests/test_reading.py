"""Files that somebody wrote: what lies under a name is read within limits, or told in a sentence."""

import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth import reading

KEPT = 'name = "Zoë & Tom"\n'


@pytest.fixture
def complaint(tmp_path):
    """Return what is said of a file with the given bytes, without its name."""

    def complaint(content: bytes) -> str:
        file = tmp_path / "file.toml"
        file.write_bytes(content)
        with pytest.raises(reading.ReadingError) as caught:
            reading.toml_file(file)
        return reading.told("file.toml", caught.value)

    return complaint


def test_a_file_without_a_mark_is_read(tmp_path):
    """UTF-8 as most editors write it."""
    (tmp_path / "plain.toml").write_text(KEPT, encoding="utf-8")
    assert reading.toml_file(tmp_path / "plain.toml") == {"name": "Zoë & Tom"}


def test_a_byte_order_mark_means_nothing(tmp_path):
    """UTF-8 as the editors of Windows write it."""
    (tmp_path / "marked.toml").write_text(KEPT, encoding="utf-8-sig")
    assert reading.toml_file(tmp_path / "marked.toml") == {"name": "Zoë & Tom"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_called_by_its_name(complaint, encoding):
    """With a mark or without: the owner is told how to save the file."""
    said = complaint(KEPT.encode(encoding))
    assert said == "file.toml:1:1: is UTF-16, as some editors of Windows write: save the file as UTF-8"


def test_another_encoding_is_told_with_the_place(complaint):
    """A letter of Latin-1: its line, and its column."""
    said = complaint(b'a = "1"\nname = "Zo\xeb"\n')
    expected = "a character is not UTF-8: save the file as UTF-8 (not as ANSI, Latin-1 or Windows-1252)"
    assert said == f"file.toml:2:11: {expected}"


def test_a_file_with_a_nul_is_no_text(complaint):
    """Blocks of zeros are what a power cut leaves."""
    expected = "file.toml:2:3: this is no text: write the file anew with a plain editor"
    assert complaint(b"a = 1\nb \0\0\0") == expected
    assert complaint(bytes(512)) == "file.toml:1:1: this is no text: write the file anew with a plain editor"


def test_a_file_that_is_too_large_is_not_read(complaint):
    """One byte more than there is room for."""
    expected = "file.toml: has more than 256 KiB: is that the right file? Make it smaller, or name another"
    assert complaint(b"#" * (reading.MOST + 1)) == expected


def test_a_file_of_the_largest_size_is_read(tmp_path):
    """The last byte that there is room for."""
    (tmp_path / "full.toml").write_bytes(b"#" * reading.MOST)
    assert reading.toml_file(tmp_path / "full.toml") == {}


def test_a_file_with_a_hole_of_a_terabyte_costs_nothing(tmp_path):
    """Its size on paper is not its size in memory."""
    with (tmp_path / "hole").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(reading.ReadingError) as caught:
        reading.whole(tmp_path / "hole")
    assert str(caught.value) == "has more than 256 KiB: is that the right file? Make it smaller, or name another"


def test_a_pipe_is_not_waited_for(tmp_path):
    """Nobody writes into it, and nobody will."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(reading.ReadingError) as caught:
        reading.beginning(tmp_path / "pipe", 1)
    assert str(caught.value) == "is a pipe, not a file: name a file"


def test_a_link_to_a_pipe_is_not_waited_for(tmp_path):
    """What counts is where the link leads."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    with pytest.raises(reading.ReadingError) as caught:
        reading.beginning(tmp_path / "link", 1)
    assert str(caught.value) == "is a pipe, not a file: name a file"


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_a_device_is_not_opened(device):
    """Some never end, and with some opening is an act."""
    with pytest.raises(reading.ReadingError) as caught:
        reading.beginning(reading.Path(device), 1)
    assert str(caught.value) == "is a device, not a file: name a file"


def test_a_socket_is_no_file(tmp_path):
    """It cannot be opened at all."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        with pytest.raises(reading.ReadingError) as caught:
            reading.beginning(tmp_path / "socket", 1)
    assert str(caught.value) == "is a socket, not a file: name a file"


def test_a_folder_is_no_file(tmp_path):
    """The most usual slip."""
    with pytest.raises(reading.ReadingError) as caught:
        reading.beginning(tmp_path, 1)
    assert str(caught.value) == "is a folder, not a file: name a file"


@pytest.mark.parametrize("name", ["none.toml", "file/none.toml"])
def test_what_is_not_there_is_missing(tmp_path, name):
    """In a folder, or below what is no folder."""
    (tmp_path / "file").touch()
    with pytest.raises(reading.MissingError) as caught:
        reading.beginning(tmp_path / name, 1)
    assert str(caught.value) == "there is no such file"


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_name_that_no_file_can_have_is_told(tmp_path, name):
    """A NUL, and half of a pair that is no character."""
    with pytest.raises(reading.ReadingError) as caught:
        reading.beginning(tmp_path / name, 1)
    assert str(caught.value) == "there can be no file of that name: write another"


def test_a_link_to_itself_is_told(tmp_path):
    """The system's own words, and ours behind them."""
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(reading.ReadingError) as caught:
        reading.beginning(tmp_path / "loop", 1)
    expected = f"cannot be read ({os.strerror(40)}): correct the path, or look at the disk"
    assert str(caught.value) == expected


LONG = f"more than {reading.LONGEST} characters without quotes: no number or name of a setting is as long"
JOINED = f"more than {reading.PARTS} names joined by dots: a setting has a section and a name"
NESTED = f"more than {reading.DEEPEST} brackets within each other: no setting has so many"
MANY = f"more than {reading.SIGNS:,} names and values: is that the right file?"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (f"a = {'7' * 5_000}", f"1:5: {LONG}; put text in quotes"),
        (f"a = -0x{'f' * 200_000}", f"1:5: {LONG}; put text in quotes"),
        (f"a = 0o{'7' * 5_000}", f"1:5: {LONG}; put text in quotes"),
        (f"a = 0b{'1' * 20_000}", f"1:5: {LONG}; put text in quotes"),
        (f"a = {'1_' * 3_000}1", f"1:5: {LONG}; put text in quotes"),
        (f"a = 1.{'0' * 5_000}", f"1:7: {LONG}; put text in quotes"),
        (f"x = 1\n{'a' * 5_000} = 1", f"2:1: {LONG}; put text in quotes"),
        (f"a = {'[' * 400}{']' * 400}", f"1:13: {NESTED}"),
        (f"a = {'{a = ' * 400}1{'}' * 400}", f"1:45: {NESTED}"),
        (f"a = [\n{'[' * 400}", f"2:8: {NESTED}"),
        (f"{'a.' * 100_000}a = 1", f"1:17: {JOINED}"),
        (f"[{'a . ' * 30_000}a]", f"1:34: {JOINED}"),
        (f"""{"'a'." * 30_000}a = 1""", f"1:33: {JOINED}"),
        (f'{chr(34)}a{chr(34)}{".a" * 30_000} = 1', f"1:19: {JOINED}"),
        (f"a = [{'1,' * 30_000}]", f"1:20003: {MANY}"),
        ("a = ", '1:5: not TOML: Invalid value: write key = value, text in "quotes", sections as [name]'),
        ('a = "', '1:6: not TOML: Unterminated string: write key = value, text in "quotes", sections as [name]'),
    ],
)  # fmt: skip
def test_what_is_no_toml_of_ours_is_told_with_its_place(complaint, said, expected):
    """Numbers, names, brackets and dots without end never reach the parser."""
    assert complaint(said.encode()) == f"file.toml:{expected}"


def test_what_is_in_quotes_or_said_beside_is_no_dot_and_no_bracket():
    """Only what means something is counted."""
    lines = [
        f'a = "{"[" * 50}{".b" * 50}"',
        f"b = '{'{' * 50}'",
        f'c = """{"[" * 50}\n\\" {"7" * 200}"""',
        f"d = '''{'[' * 50}\n{'7' * 200}'''",
        f"# {'[' * 50} {'7' * 200}",
        f"{'e.' * (reading.PARTS - 1)}e = 1.5",
        f"f = {'[' * reading.DEEPEST}{']' * reading.DEEPEST}",
        f"g = {'1' * reading.LONGEST}",
    ]
    assert sorted(reading.toml("\n".join(lines))) == ["a", "b", "c", "d", "e", "f", "g"]


def meant(content: bytes) -> str:
    """Return what *content* means, or the sentence that says why it means nothing."""
    try:
        return ascii(reading.toml(reading.text(content)))
    except reading.ReadingError as exc:
        return str(exc)


PIECES = st.sampled_from([*"ab01.[]{}=,\n\"'#\\ _-", '"""', "'''", "0x", "[[", "]]", "true", "1979-05-27", "\ufeff"])


@given(st.lists(PIECES, max_size=60))
def test_whatever_is_written_gives_a_meaning_or_a_sentence(pieces):
    """Nothing but one of these two, and never more than one line."""
    assert meant("".join(pieces).encode()).isprintable()


@given(st.binary(max_size=200))
def test_whatever_bytes_are_there_give_a_meaning_or_a_sentence(content):
    """The same for what is no text."""
    assert meant(content).isprintable()


@given(st.text())
def test_what_is_shown_stays_on_its_line_and_in_its_direction(said):
    """No control character, no invisible one, none that turns the direction."""
    assert reading.shown(reading.shown(said)) == reading.shown(said)
    assert reading.shown(said).isprintable()


CURLY = 'the quotes there are curly: write straight ones, "like these"'
UNSEEN = "there is a character that cannot be seen (U+{}): delete it, or write a blank"
OLD_MAC = "a line ends with CR alone, as on old Macs: save the file with LF, or CR and LF, at the ends of lines"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("[event]\rname = 'x'\r", f"1:8: not TOML: {OLD_MAC}"),
        ("[event]\r\r\nname = 'x'\r\r\n", f"1:8: not TOML: {OLD_MAC}"),
        ("a = 1\r\nb = \u201cx\u201d\r\n", f"2:5: not TOML: {CURLY}"),
        ("a\u00a0= 1", f"1:2: not TOML: {UNSEEN.format('00A0')}"),
        ("a = 1\n\ufeffb = 2", f"2:1: not TOML: {UNSEEN.format('FEFF')}"),
        ("a = 1\n\x1a", f"2:1: not TOML: {UNSEEN.format('001A')}"),
        ("a \uff1d 1", "1:3: not TOML: there is another character (U+FF1D) where = is meant: write that"),
    ],
)  # fmt: skip
def test_what_nobody_sees_by_looking_is_called_by_its_name(complaint, content, expected):
    """Ends of lines and blanks of other systems, the quotes of office programs, a mark in the middle."""
    assert complaint(content.encode()) == f"file.toml:{expected}"


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-be"])
def test_utf_32_is_called_by_its_name(complaint, encoding):
    """With the mark at its beginning."""
    content = "\ufeffa = 1".encode(encoding) if encoding == "utf-32-be" else "a = 1".encode(encoding)
    assert complaint(content) == "file.toml:1:1: is UTF-32: save the file as UTF-8"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Zoë & Tom 🎉 Ζωή", "Zoë & Tom 🎉 Ζωή"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("two\r\nlines", "two\\x0d\\x0alines"),
        ("\x9b1A", "\\x9b1A"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
        ("a\u2028b\u200bc", "a\\u2028b\\u200bc"),
        ("\udcff\U000e0041", "\\udcff\\U000e0041"),
    ],
)
def test_what_could_do_harm_is_written_by_its_number(said, expected):
    """On a terminal, in a journal, on a line of its own: as it would be written in a program."""
    assert reading.shown(said) == expected


def test_what_is_shown_can_be_cut():
    """With three dots, and no longer than asked."""
    assert reading.shown("abcdefgh", 6) == "abc..."
