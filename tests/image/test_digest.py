"""Whether the story of the card must be played again: what makes the card, and what plays the story, as a hash."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def digest(tmp_path):
    """Say what the digest is of a checkout with a few files; given a name, after a change of that file."""
    (tmp_path / "image").mkdir()
    shutil.copy(ROOT / "image" / "digest", tmp_path / "image")
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)

    def said(*options, changed=None):
        if changed is not None:
            file = tmp_path / changed
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("changed")
        command = [tmp_path / "image" / "digest", *options]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    return said


@pytest.mark.parametrize(
    ("changed", "whole", "card"),
    [
        ("image/build.py", True, True),
        ("image/provision", True, True),
        ("image/card/network.toml", True, True),
        ("booth/drivers/gpio.py", True, True),
        ("systemd/booth.service", True, True),
        ("image/story.py", True, False),
        ("image/boot.py", True, False),
        ("image/test-image", True, False),
        ("image/pi.py", False, False),
        ("image/tested", False, False),
        ("lab/torture.py", False, False),
    ],
)
def test_what_makes_the_card_or_plays_its_story_changes_the_digest(digest, changed, whole, card):
    """A chapter that was mended leaves the card as it was; what has nothing to do with either changes nothing."""
    before = digest(), digest("--card")
    after = digest(changed=changed), digest("--card")
    assert (whole, card) == (before[0] != after[0], before[1] != after[1])


def test_a_story_is_fresh_until_something_of_it_changes(digest, tmp_path):
    """`--stale` says so in a sentence."""
    digest(changed="image/story.py")
    written = f'{{"made of": "{digest().strip()}"}}'
    (tmp_path / "image" / "tested").write_text(written)
    assert digest("--stale").startswith("The image's story is fresh:")
    assert digest("--stale", changed="image/build.py").startswith("The image's story is stale:")
