"""A seccomp filter: the few calls of the kernel that decoding needs; every other fails with EPERM.

What is let through reads and writes what is open already, asks for memory that cannot be run as code, waits and ends. There is
no call among them that opens, connects, starts a process or a program, or reaches another process.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_PROT_EXEC = 4
_CLONE_THREAD = 0x10000
# Name: its number on x86_64 and on aarch64, from the kernel's own tables.
_LET_THROUGH = {
    "read": (0, 63), "write": (1, 64), "pread64": (17, 67), "pwrite64": (18, 68), "lseek": (8, 62), "close": (3, 57),
    "munmap": (11, 215), "mremap": (25, 216), "madvise": (28, 233), "brk": (12, 214), "futex": (202, 98),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132),
    "getpid": (39, 172), "gettid": (186, 178), "getrandom": (318, 278), "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115), "nanosleep": (35, 101), "restart_syscall": (219, 128), "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123), "set_robust_list": (273, 99), "rseq": (334, 293), "exit": (60, 93),
    "exit_group": (231, 94),
}  # fmt: skip
_NOT_AS_CODE = {"mmap": (9, 222), "mprotect": (10, 226)}
_CLONE, _CLONE3 = (56, 220), (435, 435)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
# struct seccomp_data: number, machine, instruction pointer, six arguments of eight bytes.
_NUMBER, _MACHINE, _FIRST_ARGUMENT, _THIRD_ARGUMENT = 0, 4, 16, 32
_LOAD, _EQUAL, _AT_LEAST, _HAS_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def _step(code: int, value: int, so: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, so, otherwise, value)


def _program(column: int, machine: int) -> bytes:
    """Return the filter; each rule answers, or leads on to the next."""
    refuse = _step(_RETURN, _REFUSE | errno.EPERM)
    allow = _step(_RETURN, _ALLOW)
    steps = [_step(_LOAD, _MACHINE), _step(_EQUAL, machine, so=1), refuse, _step(_LOAD, _NUMBER)]
    steps += [_step(_AT_LEAST, 0x40000000, otherwise=1), refuse]  # x86_64 has a second table up there
    for call in _LET_THROUGH.values():
        steps += [_step(_EQUAL, call[column], otherwise=1), allow]
    for call in _NOT_AS_CODE.values():
        steps += [_step(_EQUAL, call[column], otherwise=4), _step(_LOAD, _THIRD_ARGUMENT)]
        steps += [_step(_HAS_BIT, _PROT_EXEC, otherwise=1), refuse, allow]
    # A thread of this same process: decoders start them. Never a process of its own.
    steps += [_step(_EQUAL, _CLONE[column], otherwise=4), _step(_LOAD, _FIRST_ARGUMENT)]
    steps += [_step(_HAS_BIT, _CLONE_THREAD, otherwise=1), allow, refuse]
    # Its newer form hides what it asks for behind a pointer; told that there is none, the C library takes the older.
    steps += [_step(_EQUAL, _CLONE3[column], otherwise=1), _step(_RETURN, _REFUSE | errno.ENOSYS)]
    return b"".join([*steps, refuse])


def close() -> bool:
    """Put the filter over this process; return whether this machine and kernel have it."""
    if os.uname().machine not in _MACHINES:
        return False
    steps = ctypes.create_string_buffer(_program(*_MACHINES[os.uname().machine]))
    program = _Program((len(steps) - 1) // 8, ctypes.cast(steps, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")
    if libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0):
        if ctypes.get_errno() in {errno.ENOSYS, errno.EINVAL}:
            return False
        raise OSError(ctypes.get_errno(), "seccomp")
    return True
