"""Memory that the dashboard lets go of."""

import platform
import subprocess
import sys

import pytest

from tests.dashboard.opened import ROOT

GLIBC = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of the C library of GNU")
# A block is freed below another, where the heap cannot shrink; one before has taught malloc to keep such.
FREED = """
import sys, ctypes
from dashboard.compute import memory
if sys.argv[1] == "keep_little": memory.keep_little()
c = ctypes.CDLL(None)
c.malloc.restype, c.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
size = 24 << 20
def held(): return int(open("/proc/self/statm").read().split()[1]) * 4096
def block(size): ctypes.memset(ctypes.c_void_p(taken := c.malloc(size)), 1, size); return taken
c.free(block(size))
before, large = held(), block(size)
above = block(100_000)
c.free(large)
if sys.argv[1] == "give_back": memory.give_back()
print(held() - before > size // 2)
"""


@GLIBC
@pytest.mark.parametrize(("how", "is_kept"), [("", "True"), ("keep_little", "False"), ("give_back", "False")])
def test_a_large_block_goes_back_to_the_machine(how, is_kept):
    command = [sys.executable, "-c", FREED, how]
    assert (
        subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == f"{is_kept}\n"
    )
