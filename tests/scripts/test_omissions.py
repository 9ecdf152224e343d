"""What is left out by name is found wherever it is, and taken out alone; and nobody has noticed who was not asked."""

import subprocess
from pathlib import Path

import pytest

from lab.left_out import OMISSIONS
from lab.omissions import Bench, Cut, Omission, OmissionError, Verdict, edited, last, row

ROOT = Path(__file__).resolve().parents[2]
SOURCE = '''\
class Shop:
    def open(self):
        """Open."""
        self.sign.hang("öffen")  # for all to see
        return call(one, two=2, three=call(four=4))

    def shut(self):
        table = {"five": 5, "six": 6, **more}
        self.sign.hang("shut")
        if self.late:
            self.lights.off()
        return table
'''


def without(*cuts):
    """Return what becomes of the source."""
    return edited({"shop.py": SOURCE}, Omission("something", (), cuts))["shop.py"]


@pytest.mark.parametrize(
    ("cut", "before", "after"),
    [
        (Cut("Shop.open", "self.sign.hang(...)"), 'self.sign.hang("öffen")', "pass"),
        (Cut("shut", "self.sign.hang('shut')"), 'self.sign.hang("shut")', "pass"),
        (Cut("Shop", "self.lights.off()"), "self.lights.off()", "pass"),
        (Cut("shut", "if self.late: ..."), "if self.late:\n            self.lights.off()", "pass"),
        (Cut("open", "two=..."), "two=2,", ""),
        (Cut("open", "call(four=4)", "5"), "call(four=4)", "5"),
        (Cut("open", "call(three=...)"), ", three=call(four=4)", ""),
        (Cut("open", "two=2", "two=3"), "two=2", "two=3"),
        (Cut("shut", "'five': ..."), '"five": 5, ', " "),
        (Cut("shut", "'six': 6"), '"six": 6,', ""),
        (Cut("shut", "**more"), ", **more", ""),
    ],
)
def test_it_is_found_by_its_function_and_its_words_and_nothing_else_is_touched(cut, before, after):
    """A call, a word of one, an entry of a table, a whole statement: taken out, or with something else in its place."""
    assert before in SOURCE
    assert SOURCE.replace(before, after).replace("{ ", "{") == without(cut).replace("{ ", "{")


def test_several_things_are_left_out_together():
    """The mutations of a review took whole groups."""
    done = without(Cut("open", "self.sign.hang(...)"), Cut("shut", "self.sign.hang(...)"))
    assert SOURCE.replace('self.sign.hang("öffen")', "pass").replace('self.sign.hang("shut")', "pass") == done


@pytest.mark.parametrize(
    ("cut", "where"),
    [
        (Cut("open", "self.lights.off()"), "nowhere"),
        (Cut("closed", "self.lights.off()"), "nowhere"),
        (Cut("Shop", "self.sign.hang(...)"), "shop.py:4, shop.py:9"),
    ],
)
def test_what_is_not_found_once_is_an_error_in_words(cut, where):
    """The code has moved on, and whoever has moved it says where to."""
    with pytest.raises(OmissionError, match=f"is found {where}: say in lab/left_out.py where it is now"):
        without(cut)


def test_what_is_no_program_any_more_is_an_error_in_words():
    """Anybody would notice that."""
    with pytest.raises(OmissionError, match="is no Python"):
        without(Cut("open", "two=2", "two=("))


def test_each_is_where_it_is_said_to_be():
    """Whoever moves code finds out here that lab/left_out.py has to follow."""
    sources = {
        str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in sorted(ROOT.glob("booth/**/*.py"))
    }
    assert [] == [omission.says for omission in OMISSIONS if edited(sources, omission).items() <= sources.items()]


def test_there_are_as_many_as_were_asked_for_and_no_two_are_alike():
    """Those that a review has found, and forty more of their kind."""
    assert len(OMISSIONS) == len({omission.says for omission in OMISSIONS}) == len({one.cuts for one in OMISSIONS})
    assert len(OMISSIONS) >= 4 + 40


def test_each_has_tests_that_there_are():
    """A test that has another name now notices nothing; whether it is one, pytest says when it is run."""
    files = {test.partition("::")[0] for omission in OMISSIONS for test in omission.tests}
    assert [] == [file for file in sorted(files) if not (ROOT / file).exists()]
    assert all(omission.tests for omission in OMISSIONS)


# ---- who notices


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """Return copies of a small checkout, of which one is at work."""
    checkout = tmp_path_factory.mktemp("checkout")
    (checkout / "booth").mkdir()
    (checkout / "booth" / "__init__.py").touch()
    (checkout / "booth" / "sums.py").write_text("def both(one, other):\n    one += other\n    return one\n")
    (checkout / "booth" / "test_sums.py").write_text(
        "from booth.sums import both\n\n"
        "def test_both():\n    assert 3 == both(1, 2)\n\n"
        "def test_none():\n    assert 0 == both(0, 0)\n"
    )
    return Bench(tmp_path_factory.mktemp("copies"), 1, checkout), checkout


def judged(bench, *tests):
    """Return who notices that nothing is added any more."""
    return bench[0].judge(Omission("a sum", tests, (Cut("both", "one += other"),))).test


def test_the_test_that_has_noticed_is_named(bench):
    """The others were not asked any more, and the checkout is as it was."""
    assert "booth/test_sums.py::test_both" == judged(bench, "booth/test_sums.py")
    assert "one += other" in (bench[1] / "booth" / "sums.py").read_text()


def test_where_no_test_fails_nobody_has_noticed(bench):
    """The next one has the whole booth again."""
    assert "" == judged(bench, "booth/test_sums.py::test_none")
    bench[0].pristine(["booth/test_sums.py"])


@pytest.mark.parametrize("test", ["booth/test_sums.py::test_gone", "booth/test_more.py"])
def test_who_cannot_be_asked_has_not_noticed(bench, test):
    """A test that is not there is an error in words."""
    with pytest.raises(OmissionError, match="its tests cannot be run"):
        judged(bench, test)


def test_tests_that_fail_anyway_judge_nothing(bench, tmp_path):
    """What is wrong is shown instead."""
    (tmp_path / "test_wrong.py").write_text("def test_wrong():\n    assert 'this' == 'that'\n")
    with pytest.raises(OmissionError, match="'this' == 'that'"):
        bench[0].pristine([str(tmp_path / "test_wrong.py")])


def test_a_row_says_what_where_who_and_how_long():
    """And shouts where nobody did."""
    one = Omission("the sum", ("tests",), (Cut("both", "one += other"), Cut("both", "return one")))
    assert "  7 | the sum | both and 1 more | tests::test_both | 1.5" == row(7, one, Verdict("tests::test_both", 1.5))
    assert "  8 | the sum | both and 1 more | UNNOTICED | 1.5" == row(8, one, Verdict("", 1.5))


def test_the_last_line_says_how_many_went_unnoticed():
    """None, and of none none: that is missed, too."""
    assert "mutants: 44 things were left out by name, 0 unnoticed, in 7 s" == last(44, 0, 7.0)
    assert "mutants: MISSED: 44 things were left out by name, 1 unnoticed, in 7 s" == last(44, 1, 7.0)
    assert "mutants: MISSED: 0 things were left out by name, 0 unnoticed, in 7 s" == last(0, 0, 7.0)


def test_the_command_judges_by_name():
    """`scripts/mutants --judge` is another program than `scripts/mutants`."""
    done = subprocess.run(
        [ROOT / "scripts" / "mutants", "--judge", "--like", "no such thing"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (1, last(0, 0, 0.0)) == (done.returncode, done.stdout.splitlines()[-1])
