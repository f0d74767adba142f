"""One computation at a time, with a queue that those who wait can see."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Queue:
    """Lets one computation through at a time and tells the others how many are before them.

    Twelve networks at once on two cores make everybody wait; one after the other does not.

    Example:
        >>> queue = Queue()
        >>> with queue.turn(on_wait=print):
        ...     queue.waiting
        1
    """

    def __init__(self) -> None:
        self._one = threading.Semaphore(1)
        self._count = threading.Lock()
        self.waiting = 0

    @contextmanager
    def turn(self, on_wait: Callable[[int], None]) -> Iterator[None]:
        """Wait for a turn; ``on_wait`` is told how many are ahead, soon and then once a second."""
        with self._count:
            ahead, self.waiting = self.waiting, self.waiting + 1
        try:
            patience = 0.3  # a notice for less than that is a flicker
            while not self._one.acquire(timeout=patience):
                on_wait(max(1, min(ahead, self.waiting - 1)))
                patience = 1.0
            try:
                yield
            finally:
                self._one.release()
        finally:
            with self._count:
                self.waiting -= 1
