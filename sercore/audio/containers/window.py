"""What libsndfile is given to read of a file: all of it, a part of it, or a part behind a mended header."""

import io
import struct
from typing import BinaryIO

BLOCK = 65_536  # bytes


class Window:
    """A stretch of a file behind some bytes of its own, as one file that can be read and that can seek.

    It stays where it is when libsndfile, misled by a damaged header, seeks out of it: an exception there
    could not reach the caller, since C lies between.

    Args:
        file: a binary file that can seek.
        start: of the stretch, in the file.
        end: of the stretch; None for the end of the file.
        before: what is read before the stretch, such as a header in which a wrong length is mended.

    Example:
        >>> Window(io.BytesIO(b"wrong and right"), start=9, before=b"mended").read()
        b'mended right'
    """

    def __init__(
        self, file: "BinaryIO | Window", start: int = 0, end: int | None = None, before: bytes = b""
    ) -> None:
        self.file, self.start, self.before, self.at = file, start, before, 0
        self._block_at, self._block = 0, b""  # what was read last by ``bytes_at``
        length = file.seek(0, io.SEEK_END)
        self.size = len(before) + max(0, min(length, length if end is None else end) - start)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; gives the new position."""
        wanted = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        self.at = wanted if 0 <= wanted < 1 << 62 else self.at
        return self.at

    def tell(self) -> int:
        """The position."""
        return self.at

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes from the position on; all that are left by default."""
        left = max(0, self.size - self.at)
        size = left if size < 0 else min(size, left)
        content = self.before[self.at : self.at + size]
        if len(content) < size:
            self.file.seek(self.start + self.at + len(content) - len(self.before))
            content += self.file.read(size - len(content))
        self.at += len(content)
        return content

    def bytes_at(self, position: int, size: int) -> bytes:
        """So many bytes from a position on, fewer at the end.

        A walk through a file asks for a few at a time, a million times: they come from a block in memory.
        """
        first = position - self._block_at
        if first < 0 or first + size > len(self._block):
            self.seek(position)
            self._block_at, self._block, first = position, self.read(max(size, BLOCK)), 0
        return self._block[first : first + size]

    def numbers_at(self, position: int, form: str) -> tuple[int, ...]:
        """The numbers at a position, by a form of ``struct``.

        Raises:
            struct.error: if the window ends before them.
        """
        return struct.unpack(form, self.bytes_at(position, struct.calcsize(form)))

    def part(self, start: int, end: int | None = None, before: bytes = b"") -> "Window":
        """A window on a part of this one."""
        return Window(self, start, end, before)
