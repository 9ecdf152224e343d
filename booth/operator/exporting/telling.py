"""Tells the booth's screen how far an export is: one line in a file, replaced by rename."""

import errno
from pathlib import Path

from booth.core.copying import CopyStage, StickCopy
from booth.disk import Disk, beside
from booth.operator.exporting.writing import Placed

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class ExportTeller:
    """Writes the line into *file*; None for nobody who looks. A disk that does not take it changes nothing."""

    def __init__(self, disk: Disk, file: Path | None) -> None:
        self._disk, self._file = disk, file
        self._last: StickCopy | None = None

    @property
    def goes_on(self) -> bool:
        """Whether nothing was told yet of its end."""
        return self._last is None or self._last.goes_on

    def begun(self) -> None:
        """Tell that it is looked at what there is."""
        self._tell(StickCopy(CopyStage.ASKED))

    def placed(self, done: Placed, of: int) -> None:
        """Tell how many of so many files of pictures are there."""
        self._tell(StickCopy(CopyStage.COPYING, done.pictures + done.missing, of))

    def ended(self, done: Placed, of: int) -> None:
        """Tell that it is over: the pictures of how many visits are there, of so many."""
        self._tell(StickCopy(CopyStage.COPIED, done.visits, of))

    def stopped(self, stage: CopyStage) -> None:
        """Tell why it is over."""
        self._tell(StickCopy(stage))

    def refused(self, error: OSError) -> None:
        """Tell what the stick has said."""
        if error.errno in _FULL:
            self._tell(StickCopy(CopyStage.FULL))
        else:
            self._tell(StickCopy(CopyStage.READ_ONLY if error.errno == errno.EROFS else CopyStage.BROKEN))

    def _tell(self, copy: StickCopy) -> None:
        if copy == self._last:
            return
        self._last = copy
        if self._file is None:
            return
        try:
            self._disk.write(beside(self._file), copy.written())
            self._disk.share(beside(self._file))
            self._disk.rename(beside(self._file), self._file)
        except OSError:  # whoever looks then finds what was told last
            pass
