"""What completes the booth's commands is made of the commands that there are."""

import pytest

from lab.pages.completions import FILES, FOLDER, completion


@pytest.mark.parametrize("shell", FILES)
def test_the_completion_is_that_of_the_commands(shell):
    """Each shell's file has every command and option; if not, run ``scripts/completions --write``."""
    assert completion(shell) == (FOLDER / FILES[shell]).read_text(encoding="utf-8")


def test_there_is_a_file_for_each_shell_and_no_other():
    """Nothing of a shell that is no longer served stays."""
    assert sorted(FILES.values()) == sorted(file.name for file in FOLDER.iterdir())
