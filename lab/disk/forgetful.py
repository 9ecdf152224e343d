"""A disk that forgets, in memory: after a power cut it holds what was synced, and of the rest whatever chance left.

The law, as strict as that of any file system that keeps its own structure whole:

- What a file holds is on the medium when `ForgetfulDisk.sync` of it has returned. Until then a cut leaves what was
  there before, nothing, the beginning, the beginning and then zeros, nothing but zeros, or all of it. Of a file that is
  overwritten where it lies, it leaves each side of any block's edge old or new.
- A change of names is on the medium when `ForgetfulDisk.sync_folder` of a folder that it concerns has returned. Until
  then a cut undoes it or does not, each change by itself, in no order: also not before or after what files hold. Only
  changes of one and the same name keep their order.
- A rename is one change, also between two folders: it has happened whole, or not at all.
"""

import copy
import errno
import io
import itertools
import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, TypeAlias

Medium: TypeAlias = "tuple[tuple[str, bytes | str | Medium], ...]"
"""What a medium holds: names in order, and for each a file's content, where a link leads, or what a folder holds."""

State = tuple[object, ...]
"""What tells apart disks that may be left in different ways; it can be compared and hashed, and means nothing else."""

Refuse = Callable[["ForgetfulDisk", str, Path], int | None]
"""Asked before each operation that changes something: the number of an error (`errno`), or None to let it be done."""

MOST = 8192
"""How many sets of lost changes are looked at for one cut, all that there can be with thirteen changes not synced."""

BLOCK = 512
"""Bytes that the medium writes at once."""

_MOST_TORN = 4
"""The number of files not synced beyond which only one of them is torn at a time."""


class _File:
    names: Mapping[str, "_Node"] = MappingProxyType({})
    """No name leads further from here."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.durable = content
        self.synced = True
        self.in_place = False
        """Whether all that is not synced was written over what is on the medium."""

    def torn(self) -> tuple[bytes, ...]:
        """Return what a cut may leave of it, all of it first."""
        if self.synced:
            return (self.content,)
        if self.in_place:
            edges = range(0, len(self.content) + BLOCK, BLOCK)
            new_first = (self.content[:edge] + self.durable[edge:] for edge in reversed(edges))
            old_first = (self.durable[:edge] + self.content[edge:] for edge in edges)
            return tuple(dict.fromkeys((*new_first, *old_first)))
        half, length = self.content[: len(self.content) // 2], len(self.content)
        left = (self.content, self.durable, b"", half, half.ljust(length, b"\0"), bytes(length))
        return tuple(dict.fromkeys(left))


class _Folder:
    def __init__(self) -> None:
        self.names: dict[str, _Node] = {}
        self.durable: dict[str, _Node] = {}


class _Link:
    names: Mapping[str, "_Node"] = MappingProxyType({})
    """Nothing here follows it."""

    def __init__(self, target: str) -> None:
        self.target = target


_Node = _File | _Folder | _Link


@dataclass(frozen=True, eq=False)
class _Change:
    """A change of names that may still be lost: what each name stands for after it; None for nothing."""

    names: tuple[tuple[_Folder, str, _Node | None], ...]

    def follows(self, other: "_Change") -> bool:
        """Return whether it is about a name that *other* is about, too."""
        return any(
            folder is its_folder and name == its_name
            for folder, name, _ in self.names
            for its_folder, its_name, _ in other.names
        )


class ForgetfulDisk:
    """Fulfils `booth.disk.Disk`. `survivors` tells what a power cut now might leave; the disk goes on as it was."""

    def __init__(
        self,
        medium: Medium = (),
        *,
        watch: Callable[[], object] = lambda: None,
        refuse: Refuse = lambda *_: None,
        lie: Callable[[Path], bool] = lambda _: False,
        skip: Callable[[Path], bool] = lambda _: False,
        capacity: int = 10**12,
        handle: Callable[[], BinaryIO] = io.BytesIO,
    ) -> None:
        """Begin with *medium*, all of it durable.

        *watch* is called after every operation that changed something. *lie* is asked at each sync of a file or a
        folder, *skip* at each rename, of the new name: if it says so, nothing is done, and all is said to be well.
        *capacity* is in bytes; a disk that is full refuses nothing by itself, it only says how much is `free`. *handle*
        makes what files are opened as: for a child process it takes one that the kernel knows, such as
        `tempfile.TemporaryFile`.
        """
        self._root = _folder(medium)
        self._changes: list[_Change] = []
        self._locked: set[_Node] = set()
        self._freed: list[tuple[Path, _File]] = []
        self._watch = watch
        self._refuse = refuse
        self._lie = lie
        self._skip = skip
        self._capacity = capacity
        self._handle = handle

    # ---- what is asked of a disk

    def mkdir(self, folder: Path, *, shared: bool = False) -> None:
        """Make *folder*. If it is there, nothing is done. There are no modes here."""
        there = self._find(folder)
        if isinstance(there, _Folder):
            return
        if there is not None:
            raise _error(errno.ENOTDIR, folder)
        self._ask("mkdir", folder)
        self._change((self._parent(folder), folder.name, _Folder()))

    def names(self, folder: Path) -> tuple[str, ...]:
        """Return the names in *folder*, sorted."""
        return tuple(sorted(self._folder(folder).names))

    def exists(self, path: Path) -> bool:
        """Return whether there is anything at *path*."""
        return self._find(path) is not None

    def is_folder(self, path: Path) -> bool:
        """Return whether *path* is a folder."""
        return isinstance(self._find(path), _Folder)

    def is_file(self, path: Path) -> bool:
        """Return whether *path* is a file."""
        return isinstance(self._find(path), _File)

    def in_the_way(self, path: Path) -> bool:
        """Return whether there is a folder or a link at *path*."""
        return isinstance(self._find(path), _Folder | _Link)

    def size(self, file: Path) -> int:
        """Return how many bytes are in *file*."""
        return len(self._file(file).content)

    def read(self, file: Path) -> bytes:
        """Return what is in *file*."""
        return self._file(file).content

    def beginning(self, file: Path, most: int) -> bytes:
        """Return at most *most* bytes of *file*, its first."""
        return self._file(file).content[:most]

    @contextmanager
    def opened(self, file: Path) -> Iterator[BinaryIO]:
        """Open what *file* holds now for reading."""
        content = self._file(file).content
        with self._handle() as opened:
            opened.write(content)
            opened.seek(0)
            yield opened

    def fingerprint(self, file: Path) -> tuple[int, ...]:
        """Return what is another when *file* was written anew, or another has its name."""
        there = self._file(file)
        return (id(there), hash(there.content))

    def writable(self, folder: Path) -> bool:
        """Return whether there is such a folder: whoever asks may write to all of them."""
        return self.is_folder(folder)

    def write(self, file: Path, content: bytes) -> None:
        """Make *file* anew with *content*. Not durable before `sync`; nor is its name before `sync_folder`."""
        self._ask("write", file)
        there = self._find(file)
        if there is None:
            there = _File(b"")
            there.content, there.synced = content, False
            self._change((self._parent(file), file.name, there))
        else:
            there = self._file(file)
            there.content, there.synced, there.in_place = content, False, False
            self._watch()

    @contextmanager
    def created(self, file: Path) -> Iterator[BinaryIO]:
        """Open a new file of that name for writing; it is empty until it is closed."""
        if self._find(file) is not None:
            self.unlink(file)
        self.write(file, b"")
        with self._handle() as opened:
            yield opened
            opened.seek(0)
            self.write(file, opened.read())

    def overwrite(self, file: Path, content: bytes) -> None:
        """Write *content* over what is in *file*, as many bytes, where it lies. Not durable before `sync`."""
        self._ask("overwrite", file)
        there = self._file(file)
        if len(content) != len(there.content):
            raise _error(errno.EINVAL, file)
        there.in_place = there.synced or there.in_place
        there.content, there.synced = content, False
        self._watch()

    def secure(self, file: Path) -> None:
        """Do nothing if *file* is there: nobody else reads this disk."""
        self._file(file)

    def share(self, file: Path) -> None:
        """Do nothing if *file* is there: the same."""
        self._file(file)

    def sync(self, file: Path) -> None:
        """Put the content of *file* on the medium. Its name is another matter."""
        self._ask("sync", file)
        synced = self._file(file)
        if not self._lie(file):
            synced.durable, synced.synced = synced.content, True
        self._watch()

    def sync_folder(self, folder: Path) -> None:
        """Put the names in *folder* on the medium. What they stand for is another matter."""
        self._ask("sync_folder", folder)
        synced = self._folder(folder)
        if not self._lie(folder):
            settled = {
                number
                for number, change in enumerate(self._changes)
                if any(concerned is synced for concerned, _, _ in change.names)
            }
            settled = self._with_earlier(settled)
            for number in sorted(settled):
                for concerned, name, node in self._changes[number].names:
                    _put(concerned.durable, name, node)
            self._changes = [change for number, change in enumerate(self._changes) if number not in settled]
        self._watch()

    def rename(self, old: Path, new: Path) -> None:
        """Give *old* the name *new*, at once or not at all. Replaces a file, and a folder only if it is empty."""
        node = self._find(old)
        if node is None:
            raise _error(errno.ENOENT, old)
        parent, there = self._parent(new), self._find(new)
        if isinstance(there, _Folder) and there.names:
            raise _error(errno.ENOTEMPTY, new)
        if there is not None and isinstance(there, _Folder) is not isinstance(node, _Folder):
            raise _error(errno.ENOTDIR if isinstance(node, _Folder) else errno.EISDIR, new)
        self._ask("rename", new)
        if self._skip(new):
            self._watch()
            return
        self._free_blocks(new)
        self._change((self._parent(old), old.name, None), (parent, new.name, node))

    def unlink(self, file: Path) -> None:
        """Take the name of *file*, or of a link, away."""
        if not isinstance(self._find(file), _Link):
            self._file(file)
        self._ask("unlink", file)
        self._free_blocks(file)
        self._change((self._parent(file), file.name, None))

    def rmdir(self, folder: Path) -> None:
        """Take an empty folder away."""
        if self._folder(folder).names:
            raise _error(errno.ENOTEMPTY, folder)
        self._ask("rmdir", folder)
        self._change((self._parent(folder), folder.name, None))

    def link(self, path: Path, target: str) -> None:
        """Make a symbolic link at *path* that leads to *target*. Nothing here follows it."""
        if self._find(path) is not None:
            raise _error(errno.EEXIST, path)
        self._ask("link", path)
        self._change((self._parent(path), path.name, _Link(target)))

    def target(self, path: Path) -> str | None:
        """Return where the link at *path* leads; None if there is none."""
        there = self._find(path)
        return there.target if isinstance(there, _Link) else None

    def sync_all(self) -> None:
        """Put all content and all names on the medium. *lie* is asked of ``/``."""
        self._ask("sync_all", Path("/"))
        if not self._lie(Path("/")):
            for change in self._changes:
                for concerned, name, node in change.names:
                    _put(concerned.durable, name, node)
            self._changes = []
            for file in _files(self._root):
                file.durable, file.synced = file.content, True
        self._watch()

    def free(self, folder: Path) -> int:
        """Return the bytes that can still be written below *folder*."""
        return self._capacity - _size(self._root)

    def lock(self, file: Path) -> Callable[[], None]:
        """Make *file* and lock it until the cut; return what unlocks it. BlockingIOError if it is locked."""
        if self._find(file) is None:
            self.write(file, b"")
        locked = self._file(file)
        if locked in self._locked:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(file))
        self._locked.add(locked)
        return lambda: self._locked.discard(locked)

    # ---- what is done to it

    def hand_on(self, watch: Callable[[], object]) -> None:
        """Have the process that used it be killed: its locks go, and nothing else. *watch* is the next one's."""
        self._locked.clear()
        self._watch = watch

    def handed_on(self, refuse: Refuse) -> "ForgetfulDisk":
        """Return a disk like this one, as `hand_on` leaves it, that goes its own way from here; this one goes on."""
        other = copy.copy(self)
        root, changes, freed = copy.deepcopy((self._root, self._changes, self._freed))
        vars(other).update(_root=root, _changes=changes, _freed=freed, _locked=set(), _refuse=refuse)
        other.hand_on(lambda: None)
        return other

    def rot(self, file: Path, content: bytes) -> None:
        """Let *file* hold *content* instead, on the medium, as a card does that grows old."""
        rotten = self._file(file)
        rotten.content, rotten.durable, rotten.synced = content, content, True
        self._watch()

    def medium(self) -> Medium:
        """Return what it holds: what is left when the booth is shut down as it should be."""
        return _held(self._root)

    def freed(self) -> Iterator[tuple[Path, bytes]]:
        """Return what a cut may leave where no name leads: of each file that was taken away, all that it may hold.

        Whoever has the medium may read it there.
        """
        return ((path, content) for path, file in self._freed for content in file.torn())

    def state(self) -> "State":
        """Return what `survivors` depends on: two disks of one state may be left in the same ways.

        Everything that there is has a number, in the order in which it is come by; what two folders have in common is
        one and the same in both disks, or in neither.
        """
        numbers: dict[_Node, int] = {}
        nodes: list[_Node] = []

        def number(node: _Node) -> int:
            if node not in numbers:
                numbers[node] = len(nodes)
                nodes.append(node)
            return numbers[node]

        def named(names: Mapping[str, _Node]) -> State:
            return tuple((name, number(names[name])) for name in sorted(names))

        number(self._root)
        changes = tuple(
            tuple((number(folder), name, None if node is None else number(node)) for folder, name, node in change.names)
            for change in self._changes
        )
        held: list[State] = []
        for node in nodes:  # which grow meanwhile
            if isinstance(node, _Folder):
                held.append((named(node.names), named(node.durable)))
            elif isinstance(node, _Link):
                held.append((node.target,))
            else:
                held.append((node.content, node.durable, node.synced, node.in_place))
        return (changes, *held)

    def survivors(self, most: int = MOST, unseen: Callable[[str], bool] = lambda _: False) -> "Survivors":
        """Return what a power cut at this moment might leave.

        All of it, unless there are more than *most* sets of changes that may be lost. Then those of which all before
        some moment, all but one, or only one happened, and *most* more by chance, the same ones every time. Folders
        whose name is *unseen* are left as empty ones: nobody looks at what is in them.
        """
        every = list(itertools.islice(self._kept(), most + 1))
        whole = len(every) <= most
        still: dict[_Folder, Medium | None] = {}
        changing = {folder for change in self._changes for folder, _, _ in change.names}
        for folder in (*changing, self._root):
            _still(folder, changing, still, unseen)
        left: dict[Medium, None] = {}
        shapes: set[_Shape] = set()
        for kept in every if whole else self._some_kept(most):
            shape = _shape(self._root, self._view(kept), still, unseen)
            if shape in shapes:  # most sets differ in what no name leads to
                continue
            shapes.add(shape)
            files = list(_unsynced(shape))
            for contents in _torn(files):
                left[_medium(shape, contents, still)] = None
            whole = whole and len(files) <= _MOST_TORN
        return Survivors(tuple(left), whole)

    # ---- inside

    def _kept(self) -> Iterator[frozenset[int]]:
        """Return every set of changes that a cut may leave: with each one the earlier ones of the same names."""
        earlier = self._earlier()

        def choose(number: int, kept: frozenset[int]) -> Iterator[frozenset[int]]:
            if number == len(earlier):
                yield kept
                return
            if earlier[number] <= kept:
                yield from choose(number + 1, kept | {number})
            yield from choose(number + 1, kept)

        return choose(0, frozenset())

    def _some_kept(self, most: int) -> Iterator[frozenset[int]]:
        count = len(self._changes)
        earlier = self._earlier()
        for moment in range(count + 1):
            yield frozenset(range(moment))
        for number in range(count):
            yield frozenset(self._with_earlier({number}))
            lost = {number}
            for later in range(number + 1, count):
                if earlier[later] & lost:
                    lost.add(later)
            yield frozenset(range(count)) - lost
        chance = random.Random(count)  # noqa: S311 the same every time, and nobody's secret
        for _ in range(most):
            kept: set[int] = set()
            for number in range(count):
                if earlier[number] <= kept and chance.random() < 0.5:
                    kept.add(number)
            yield frozenset(kept)

    def _earlier(self) -> Sequence[frozenset[int]]:
        """Return for each change the numbers of the earlier ones that are about a name of its own."""
        return [
            frozenset(number for number in range(count) if change.follows(self._changes[number]))
            for count, change in enumerate(self._changes)
        ]

    def _with_earlier(self, numbers: set[int]) -> set[int]:
        earlier = self._earlier()
        found, new = set(numbers), set(numbers)
        while new:
            new = set().union(*(earlier[number] for number in new)) - found
            found |= new
        return found

    def _view(self, kept: frozenset[int]) -> "_View":
        """Return the folders as they are on the medium if the changes in *kept* got there, and no others."""
        view: dict[_Folder, dict[str, _Node]] = {}
        for number in sorted(kept):
            for folder, name, node in self._changes[number].names:
                _put(view.setdefault(folder, dict(folder.durable)), name, node)
        return view

    def _ask(self, operation: str, path: Path) -> None:
        number = self._refuse(self, operation, path)
        if number is not None:
            raise _error(number, path)

    def _free_blocks(self, path: Path) -> None:
        if isinstance(there := self._find(path), _File):
            self._freed.append((path, there))

    def _change(self, *names: tuple[_Folder, str, _Node | None]) -> None:
        for folder, name, node in names:
            _put(folder.names, name, node)
        self._changes.append(_Change(names))
        self._watch()

    def _find(self, path: Path) -> _Node | None:
        here: _Node = self._root
        for name in path.parts[1:]:  # the first is the root's
            there = here.names.get(name)
            if there is None:
                return None
            here = there
        return here

    def _folder(self, path: Path) -> _Folder:
        node = self._find(path)
        if not isinstance(node, _Folder):
            raise _error(errno.ENOENT if node is None else errno.ENOTDIR, path)
        return node

    def _parent(self, path: Path) -> _Folder:
        return self._folder(path.parent)

    def _file(self, path: Path) -> _File:
        node = self._find(path)
        if not isinstance(node, _File):
            raise _error(errno.ENOENT if node is None else errno.EISDIR, path)
        return node


@dataclass(frozen=True)
class Survivors:
    """What a power cut might leave."""

    media: tuple[Medium, ...]
    whole: bool
    """Whether that is all there can be; if not, it is a sample."""


_View = Mapping[_Folder, Mapping[str, _Node]]

_Shape: TypeAlias = "tuple[tuple[str, _Node | _Shape], ...]"


def _put(names: dict[str, _Node], name: str, node: _Node | None) -> None:
    if node is None:
        names.pop(name, None)
    else:
        names[name] = node


def _folder(medium: Medium) -> _Folder:
    folder = _Folder()
    for name, held in medium:
        folder.names[name] = _node(held)
    folder.durable = dict(folder.names)
    return folder


def _node(held: "bytes | str | Medium") -> _Node:
    if isinstance(held, str):
        return _Link(held)
    return _File(held) if isinstance(held, bytes) else _folder(held)


def _files(folder: _Folder) -> Iterator[_File]:
    for node in folder.names.values():
        if isinstance(node, _Folder):
            yield from _files(node)
        elif isinstance(node, _File):
            yield node


def _still(
    folder: _Folder, changing: set[_Folder], found: "dict[_Folder, Medium | None]", unseen: Callable[[str], bool]
) -> "Medium | None":
    """Return what *folder* holds after any cut; None if that is not settled. The same for all that it ever held."""
    if folder not in found:
        nodes = {*folder.names.values(), *folder.durable.values()}
        below = [_still(node, changing, found, unseen) for node in nodes if isinstance(node, _Folder)]
        settled = folder not in changing and None not in below
        settled = settled and all(node.synced for node in nodes if isinstance(node, _File))
        found[folder] = _medium(_shape(folder, {}, found, unseen), {}, found) if settled else None
    return found[folder]


def _shape(
    folder: _Folder, view: _View, still: "Mapping[_Folder, Medium | None]", unseen: Callable[[str], bool]
) -> _Shape:
    """Return what the names in *folder* lead to, without what files hold: a folder that is *still* is itself."""
    shape: list[tuple[str, _Node | _Shape]] = []
    for name, node in sorted(view.get(folder, folder.durable).items(), key=_name):
        if not isinstance(node, _Folder):
            shape.append((name, node))
        elif unseen(name):
            shape.append((name, ()))
        else:
            shape.append((name, node if still.get(node) is not None else _shape(node, view, still, unseen)))
    return tuple(shape)


def _unsynced(shape: _Shape) -> Iterator[_File]:
    for _, node in shape:
        if isinstance(node, tuple):
            yield from _unsynced(node)
        elif isinstance(node, _File) and not node.synced:
            yield node


def _torn(files: Sequence[_File]) -> Iterator[Mapping[_File, bytes]]:
    """Return what *files* may hold: every combination, or, of many files, those in which all but one are whole."""
    ways = [file.torn() for file in files]
    if len(files) <= _MOST_TORN:
        for contents in itertools.product(*ways):
            yield dict(zip(files, contents, strict=True))
        return
    whole = {file: file.content for file in files}
    for file, contents in zip(files, ways, strict=True):
        for content in contents:
            yield whole | {file: content}


def _medium(shape: _Shape, contents: Mapping[_File, bytes], still: "Mapping[_Folder, Medium | None]") -> Medium:
    """Return a medium of that *shape*; of files that are not synced it has the *contents*."""
    held: list[tuple[str, bytes | str | Medium]] = []
    for name, node in shape:
        if isinstance(node, tuple):
            held.append((name, _medium(node, contents, still)))
        elif isinstance(node, _Folder):
            held.append((name, still[node] or ()))
        elif isinstance(node, _Link):
            held.append((name, node.target))
        else:
            held.append((name, node.durable if node.synced else contents[node]))
    return tuple(held)


_name = itemgetter(0)


def _held(folder: _Folder) -> Medium:
    return tuple((name, _what(node)) for name, node in sorted(folder.names.items(), key=_name))


def _what(node: _Node) -> "bytes | str | Medium":
    if isinstance(node, _Link):
        return node.target
    return _held(node) if isinstance(node, _Folder) else node.content


def _size(node: _Node) -> int:
    if isinstance(node, _Link):
        return 0
    return len(node.content) if isinstance(node, _File) else sum(map(_size, node.names.values()))


def _error(number: int, path: Path) -> OSError:
    return OSError(number, os.strerror(number), str(path))
