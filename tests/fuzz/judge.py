"""What is wrong with how an input was answered: another error, a long sentence, too much time or memory."""

import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.reader import LONGEST_SENTENCE, MOST_MEGABYTES, MOST_SECONDS, Files, Reader, write_input


class TooSlowError(BaseException):
    """Rises in the midst of whatever takes longer than it may; no reader catches it."""


@dataclass(frozen=True)
class Verdict:
    """How one input was answered.

    Attributes:
        answer: "taken", "refused" or "complaint".
        words: what was said, or what is wrong.
        seconds: of the processor that it took.
    """

    answer: str
    words: str
    seconds: float


def judged(reader: Reader, files: Files) -> Verdict:
    """Read one input in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        write_input(Path(folder), files)
        return answered(lambda: reader.read(Path(folder)), reader.refuses, listed=reader.listed)


def answered(
    call: Callable[[], object], refuses: tuple[type[BaseException], ...], *, listed: bool = False
) -> Verdict:
    """Call what must answer, or refuse with one of these errors, in one sentence and within bounds."""
    before, started = peak_megabytes(), time.process_time()
    answer, words = "taken", ""
    try:
        with _at_most(MOST_SECONDS), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call()
    except refuses as error:
        words = sentence_of(error)
        answer = "refused"
        if wrong := wrong_with_sentence(words, listed=listed):
            answer, words = "complaint", f"{wrong}: {words}"
    except TooSlowError:
        answer, words = "complaint", f"it takes more than {MOST_SECONDS:g} s"
    except (Exception, SystemExit) as error:
        answer, words = "complaint", f"{type(error).__name__}: {_traceback(error)}"
    seconds = time.process_time() - started
    grown = peak_megabytes() - before
    if grown > MOST_MEGABYTES and answer != "complaint":
        answer, words = "complaint", f"it takes {grown:,.0f} MB of memory"
    return Verdict(answer, words, seconds)


def sentence_of(error: BaseException) -> str:
    """What an error says; those of a script's parser carry it on."""
    return str(error)


def wrong_with_sentence(words: str, *, listed: bool = False) -> str:
    """Why this is no one sentence of bounded length; nothing if it is."""
    if not words.strip():
        return "it says nothing"
    if len(words) > LONGEST_SENTENCE:
        return f"it says {len(words):,} letters"
    if "\n" in words.strip() and not listed:
        return "it says several lines"
    return ""


def _traceback(error: BaseException) -> str:
    lines = traceback.format_exception(error)
    return "".join(lines)[-3_000:]


def peak_megabytes() -> float:
    """The most memory that this process ever held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Stop what takes more of the processor, or waits for far longer.

    Only the main thread can be stopped, and nothing within a C library: see ``campaign`` for these.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: object) -> None:
        raise TooSlowError

    timers = {
        signal.SIGPROF: (signal.ITIMER_PROF, seconds),
        signal.SIGALRM: (signal.ITIMER_REAL, 6 * seconds),
    }
    before = {number: signal.signal(number, stop) for number in timers}
    try:
        for timer, length in timers.values():
            signal.setitimer(timer, length)
        yield
    finally:
        for timer, _ in timers.values():
            signal.setitimer(timer, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def keep(folder: Path, name: str, files: Files, words: str) -> Path:
    """Write an input that was answered badly, and what is wrong, where it can be looked at and replayed."""
    target = folder / name
    shutil.rmtree(target, ignore_errors=True)
    write_input(target / "input", files)
    (target / "complaint.txt").write_text(words, encoding="utf-8", errors="backslashreplace")
    return target
