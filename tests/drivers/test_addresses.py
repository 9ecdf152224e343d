import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.core.form import Complaint
from booth.drivers import addresses

ROOT = Path(__file__).parents[2]

judge = addresses.judge()


@pytest.mark.parametrize(
    "address",
    [
        "zoe@example.org",
        "zoe+booth@example.org",
        " zoe@example.org ",
        "o'neill@example.org",
        "zoë@example.org",
        "zoe@exämple.org",
        "李小龙@example.org",
        "a.b-c_d@sub.example.co.uk",
        f"{'x' * 64}@example.org",
    ],
)
def test_a_good_address_has_nothing_wrong_with_it(address):
    """What a mail server would take is taken, in every script, with blanks around it."""
    assert judge(address) is None


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("", Complaint.EMAIL_NO_AT),
        ("zoe", Complaint.EMAIL_NO_AT),
        ("zoe.example.org", Complaint.EMAIL_NO_AT),
        ("zoe@", Complaint.EMAIL_NO_DOMAIN),
        ("zoe@example", Complaint.EMAIL_NO_DOMAIN),
        ("zoe@.", Complaint.EMAIL_NO_DOMAIN),
        ("zoe@example.", Complaint.EMAIL_NO_DOMAIN),
        ("@example.org", Complaint.EMAIL_INVALID),
        ("zoe@@example.org", Complaint.EMAIL_INVALID),
        ("zoe zoe@example.org", Complaint.EMAIL_INVALID),
        ("zoe@exa mple.org", Complaint.EMAIL_INVALID),
        ("zoe..zoe@example.org", Complaint.EMAIL_INVALID),
        ("zoe@example.org\nbcc: all@example.org", Complaint.EMAIL_INVALID),
        ("<zoe@example.org>", Complaint.EMAIL_INVALID),
        (f"{'x' * 250}@example.org", Complaint.EMAIL_INVALID),
        ("zoe@nowhere.invalid", Complaint.EMAIL_INVALID),
    ],
)
def test_a_bad_address_is_told_by_its_first_fault(address, complaint):
    """The guest learns what is missing: the @, the domain, or that something in it cannot be."""
    assert complaint is judge(address)


@settings(deadline=None)  # the first judgement makes the library's tables
@given(st.one_of(st.text(), st.emails(), st.builds("{}@{}.{}".format, st.text(), st.text(), st.text())))
def test_any_text_is_judged(text):
    """Whatever guests type, there is a judgement and no exception."""
    assert judge(text) in {None, Complaint.EMAIL_NO_AT, Complaint.EMAIL_NO_DOMAIN, Complaint.EMAIL_INVALID}


def test_the_network_is_not_asked(monkeypatch):
    """An address is judged by its looks: with every socket forbidden, the judgement is the same."""

    def forbidden(*_args, **_kwargs):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    assert judge("zoe@no-such-domain-anywhere.example.org") is None


def test_a_judge_that_is_finished_imports_nothing_any_more():
    """Importing the module costs nothing; once the judge is there, no judgement of his looks outside."""
    code = (
        "import sys; from booth.drivers import addresses; print('email_validator' in sys.modules); "
        "judge = addresses.judge(); before = set(sys.modules); "
        "judge('zoe'); judge('zo\u00eb@ex\u00e4mple.org'); judge('zoe..zoe@example.org'); "
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith('encodings')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "False\n[]\n" == done.stdout
