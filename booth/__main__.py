"""``python -m booth`` is ``booth``, in UTF-8 whatever the locale says."""

import locale
import os
import sys

from booth.cli import main


def _in_utf_8() -> None:
    """Have all that is read, written and typed be UTF-8; start again if this interpreter began otherwise.

    Under ``LC_ALL=C`` a window loses every letter that is not ASCII; under an old locale the interpreter reads and
    writes in that, and what a guest typed on one machine could not be read on the next.
    """
    chosen = next((os.environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(name)), "")
    if "utf8" not in chosen.lower().replace("-", ""):
        os.environ["LC_ALL"] = "C.UTF-8"  # for SDL, and for the programs that the booth starts
    spoken = os.environ.pop("PYTHONIOENCODING", "").partition(":")[0].lower()
    other = spoken.replace("-", "") not in {"", "utf8"}
    if other or (not sys.flags.utf8_mode and locale.getencoding().lower() != "utf-8"):
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - it is this very program, as it was called


if __name__ == "__main__":
    _in_utf_8()
    sys.exit(main())
