"""What is fuzzed: a reader with valid inputs, what it may refuse others with, and the bounds it keeps to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random

from tests.fuzz.mutate import altered

Files = Mapping[str, bytes]  # the files of an input by their paths within its folder
LONGEST_SENTENCE = 1_000  # letters
MOST_SECONDS = 10.0  # of the processor for one input
MOST_MEGABYTES = 600  # by which one input may raise the most that the process ever held


@dataclass(frozen=True)
class Reader:
    """One door through which strangers' files come in.

    Args:
        name: in reports and on the command line.
        room: who mends it, a room of ``sercore/``, or ``dashboard`` or ``scripts``.
        make_seeds: valid inputs; each is a folder of files.
        read: reads the files of a folder.
        refuses: the errors that its documentation names; none where it must answer whatever comes.
        alter: how a file is altered, by its path; else by its suffix, as ``mutate`` knows it.
        mend: makes an altered input consistent again, such as a card with the hash of its weights.
        listed: the message may list several problems, one a line.
        weight: its share of inputs, less where one takes long.
    """

    name: str
    room: str
    make_seeds: Callable[[], list[Files]]
    read: Callable[[Path], object]
    refuses: tuple[type[Exception], ...] = ()
    alter: Mapping[str, Callable[[bytes, Random], bytes]] = field(default_factory=dict)
    mend: Callable[[dict[str, bytes], Random], dict[str, bytes]] = lambda files, _rng: files
    listed: bool = False
    weight: float = 1.0

    @cached_property
    def seeds(self) -> list[Files]:
        """The valid inputs, made once."""
        return self.make_seeds()

    @cached_property
    def _whole(self) -> set[bytes]:
        """Contents that nothing was done to, which can be altered as what they are."""
        return {content for files in self.seeds for content in files.values()}

    def input(self, seed: int, number: int) -> dict[str, bytes]:
        """The input of that number: the same for the same seed, whatever else runs."""
        rng = Random(f"{seed} {self.name} {number}")
        files = dict(rng.choice(self.seeds))
        for _ in range(rng.choice((1, 1, 1, 2))):
            path = rng.choice(sorted(files))
            suffix = Path(path).suffix.lower()
            by_kind = self.alter.get(path) or self.alter.get(suffix)
            if by_kind and files[path] in self._whole and rng.random() < 0.6:
                files[path] = by_kind(files[path], rng)
            else:
                others = [
                    content for each in self.seeds for name, content in each.items() if name.endswith(suffix)
                ]
                files[path] = altered(files[path], suffix, rng, others)
        return self.mend(files, rng)


def write_input(folder: Path, files: Files) -> Path:
    """The files of an input on disk."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
