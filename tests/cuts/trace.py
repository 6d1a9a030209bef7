"""Records what a program does to one folder, by strace, as plain operations in the order in which they ended."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# Every call that can change a file or make it last; what of it the model does not know is an error, never ignored.
_CALLS = (
    "open,openat,creat,close,write,pwrite64,writev,pwritev,pwritev2,truncate,ftruncate,fallocate,fsync,fdatasync,"
    "sync,syncfs,sync_file_range,msync,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,"
    "rmdir,mkdir,mkdirat,dup,dup2,dup3,sendfile,copy_file_range"
)
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
_BEGUN = re.compile(r"(\d+) +(\w+\(.*) <unfinished \.\.\.>$")
_ENDED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)$")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_PATH = re.compile(r"<((?:\\x[0-9a-f]{2})*)>")
# SQLite maps it into memory and makes it anew after a crash: nothing in it outlives the power.
_OF_THE_MOMENT = "-shm"


@dataclass(frozen=True, slots=True)
class Write:
    file: int
    at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    file: int
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """Of a file: its bytes and its size are on disk now."""

    file: int


@dataclass(frozen=True, slots=True)
class Name:
    """A change of a folder: `path` is `file` now, or nothing (None); `gone` is the name that it had before."""

    path: str
    file: int | None
    gone: str | None = None


@dataclass(frozen=True, slots=True)
class SyncFolder:
    path: str


@dataclass(frozen=True, slots=True)
class Said:
    """No operation: what the program wrote to its witness at this moment."""

    text: str


Op = Write | Truncate | Sync | Name | SyncFolder | Said
FOLDER = 0  # what a name is when it is a folder


class UnknownCall(Exception):
    """The program did something to the folder that the model of a disk does not know."""


@dataclass(frozen=True)
class Recording:
    """What was done below the folder `root`; the operations before `begin` make what lay there already."""

    root: str
    ops: tuple[Op, ...]
    begin: int


def record(command: Sequence[str], folder: Path, witness: Path, environment: dict[str, str]) -> Recording:
    """Run `command` to its end; what it did below `folder`, and what it appended to `witness`.

    RuntimeError with what it said when it did not end well.
    """
    trace = witness.with_suffix(".trace")
    reader = _Reader(str(folder), str(witness))
    before = list(reader.begin(folder))
    options = (
        "-f",
        "-y",
        "-xx",
        "-s",
        "100000000",
        "--seccomp-bpf",
        "-o",
        str(trace),
        "-e",
        f"trace={_CALLS}",
    )
    done = subprocess.run(
        ["strace", *options, *command],
        capture_output=True,
        text=True,
        env=environment,
        timeout=600,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{done.stdout}\n{done.stderr}")
    with trace.open(encoding="ascii") as lines:
        found = list(reader.read(lines))
    trace.unlink()
    return Recording(str(folder), (*before, *found), len(before))


@dataclass
class _Reader:
    root: str
    witness: str
    _files: dict[str, int] = field(default_factory=dict)
    _open: dict[int, tuple[str, int]] = field(
        default_factory=dict
    )  # descriptor: its path when opened, its file
    _places: dict[int, int] = field(default_factory=dict)  # where the next write of a descriptor goes
    _sizes: dict[int, int] = field(default_factory=dict)
    _given: int = FOLDER

    def begin(self, folder: Path) -> Iterator[Op]:
        """What is there and on disk before the program starts."""
        for path in sorted(folder.rglob("*")):
            name = str(path)
            if path.is_dir():
                self._files[name] = FOLDER
                yield Name(name, FOLDER)
            else:
                self._given += 1
                self._files[name], self._sizes[self._given] = self._given, path.stat().st_size
                yield Name(name, self._given)
                yield Write(self._given, 0, path.read_bytes())
                yield Sync(self._given)
            yield SyncFolder(str(path.parent))

    def read(self, lines: Iterator[str] | Sequence[str]) -> Iterator[Op]:
        begun: dict[str, str] = {}
        for raw in lines:
            line = raw.rstrip("\n")
            if found := _BEGUN.match(line):
                begun[found[1]] = found[2]
                continue
            if found := _ENDED.match(line):
                line = f"{found[1]} {begun.pop(found[1])}{found[2]}"
            call = _LINE.match(line)
            # a call that failed did nothing: also a sync, after which nobody knows what is on the disk
            if call and int(call[4]) >= 0:
                yield from self._op(call[2], call[3], int(call[4]))

    def _op(self, call: str, arguments: str, result: int) -> Iterator[Op]:
        if call in ("open", "openat", "creat"):
            yield from self._opened(arguments, result)
        elif call in ("rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir"):
            yield from self._named(call, [_plain(text) for text in _TEXT.findall(arguments)], arguments)
        elif call == "close":
            self._open.pop(int(arguments.partition("<")[0]), None)
        elif self._is_ours(arguments):
            yield from self._on_file(call, arguments)

    def _on_file(self, call: str, arguments: str) -> Iterator[Op]:
        number = int(arguments.partition("<")[0])
        path, file = self._open[number]
        if call in ("write", "pwrite64"):
            data = bytes.fromhex((_TEXT.search(arguments) or [""])[0].strip('"').replace("\\x", ""))
            if path == self.witness:
                yield Said(data.decode())
                return
            at = int(arguments.rpartition(", ")[2]) if call == "pwrite64" else self._places[number]
            if call == "write":
                self._places[number] += len(data)
            self._sizes[file] = max(self._sizes.get(file, 0), at + len(data))
            yield Write(file, at, data)
        elif call == "ftruncate":
            self._sizes[file] = int(arguments.rpartition(", ")[2])
            yield Truncate(file, self._sizes[file])
        elif call in ("fsync", "fdatasync"):
            yield SyncFolder(path) if file == FOLDER else Sync(file)
        else:
            raise UnknownCall(f"{call}({arguments[:300]})")

    def _opened(self, arguments: str, number: int) -> Iterator[Op]:
        path = _absolute(arguments)
        if not self._counts(path) and path != self.witness:
            self._open.pop(number, None)
            return
        is_folder = "O_DIRECTORY" in arguments or self._files.get(path) == FOLDER or path == self.root
        if "O_SYNC" in arguments or "O_DSYNC" in arguments:
            raise UnknownCall(arguments)
        if "O_TMPFILE" in arguments:
            return  # it has no name, so it is gone with the power
        file = FOLDER if is_folder else self._files.get(path)
        if file is None:
            self._given += 1
            file = self._files[path] = self._given
            if path != self.witness:
                yield Name(path, file)
        elif "O_TRUNC" in arguments:
            self._sizes[file] = 0
            yield Truncate(file, 0)
        self._open[number] = (path, file)
        self._places[number] = self._sizes.get(file, 0) if "O_APPEND" in arguments else 0

    def _named(self, call: str, paths: list[str], arguments: str) -> Iterator[Op]:
        if not any(self._counts(path) for path in paths):
            return
        if any(not path.startswith("/") for path in paths):
            raise UnknownCall(f"{call}({arguments})")
        if call.startswith("mkdir"):
            self._files[paths[0]] = FOLDER
            yield Name(paths[0], FOLDER)
        elif call.startswith("rename"):
            file = self._files.pop(paths[0])
            self._files[paths[1]] = file
            yield Name(paths[1], file, gone=paths[0])
        else:
            del self._files[paths[0]]
            yield Name(paths[0], None)

    def _is_ours(self, arguments: str) -> bool:
        number = arguments.partition("<")[0]
        return number.isdigit() and int(number) in self._open

    def _counts(self, path: str) -> bool:
        return path.startswith(self.root + "/") and not path.endswith(_OF_THE_MOMENT)


def _absolute(arguments: str) -> str:
    """The path that was opened, below the folder that it was named from."""
    text = _TEXT.search(arguments)
    assert text is not None, arguments
    before = _PATH.search(arguments[: text.start()])
    folder = _plain(before[1]) if before else "/"
    return os.path.normpath(os.path.join(folder, _plain(text[1])))  # noqa: PTH118  # as the kernel does


def _plain(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode()
