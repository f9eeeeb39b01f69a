"""What Linux lets a process give up for good: files through Landlock, system calls through a seccomp filter.

Both are reached by system call, without a package: Landlock as its man page landlock(7) has it, the filter as
seccomp(2) and linux/seccomp.h. Numbers of system calls are those of the kernel's own tables
(arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h). Nothing here raises: what this
kernel does not know is answered with False.
"""

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Callable

_PR_SET_NO_NEW_PRIVS = 38
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446
_LANDLOCK_VERSION = 1
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many file rights each version of Landlock knows; since the fifth the number stays."""
_TCP_SINCE, _BOTH_TCP_RIGHTS = 4, 0b11
_SCOPES_SINCE, _BOTH_SCOPES = 6, 0b11

_SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC = 1, 1
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_CLONE_THREAD = 0x00010000
_X32 = 0x40000000
_AF_UNIX, _AF_NETLINK = 1, 16

_X86_64 = {
    "seccomp": 317, "socket": 41, "socketpair": 53, "connect": 42, "io_uring_setup": 425, "execve": 59,
    "execveat": 322, "fork": 57, "vfork": 58, "clone": 56, "clone3": 435, "kill": 62, "ptrace": 101,
    "tkill": 200, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297,
    "process_vm_readv": 310, "process_vm_writev": 311, "pidfd_open": 434, "open_by_handle_at": 304,
    "bpf": 321, "perf_event_open": 298, "keyctl": 250, "unshare": 272, "setns": 308, "mount": 165,
}  # fmt: skip
_AARCH64 = {
    "seccomp": 277, "socket": 198, "socketpair": 199, "connect": 203, "io_uring_setup": 425, "execve": 221,
    "execveat": 281, "clone": 220, "clone3": 435, "kill": 129, "ptrace": 117, "process_vm_readv": 270,
    "tkill": 130, "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240,
    "process_vm_writev": 271, "pidfd_open": 434, "open_by_handle_at": 265, "bpf": 280,
    "perf_event_open": 241, "keyctl": 219, "unshare": 97, "setns": 268, "mount": 40,
}  # fmt: skip
_MACHINES = {"x86_64": (0xC000003E, _X86_64), "aarch64": (0xC00000B7, _AARCH64)}

_Instruction = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def give_up_files() -> bool:
    """From now on this thread, and those it starts, open, make, remove and run no file, make no TCP
    connection, and signal no other process, each where the kernel knows of it. Open files stay open."""
    version = _call(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)
    if version < 1 or not _no_new_privileges():
        return False
    rights = [(1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1]
    if version >= _TCP_SINCE:
        rights.append(_BOTH_TCP_RIGHTS)
    if version >= _SCOPES_SINCE:
        rights.append(_BOTH_SCOPES)
    handled = struct.pack(f"={len(rights)}Q", *rights)
    rules = _call(_LANDLOCK_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    return rules >= 0 and _call(_LANDLOCK_RESTRICT_SELF, rules, 0) == 0


def give_up_network() -> bool:
    """From now on no thread of this process opens a socket but to this computer's own programs and kernel
    (drivers ask there)."""
    return _install(_no_network)


def give_up_all_but_computing() -> bool:
    """From now on no thread of this process opens a socket, starts a program or a process, or reaches
    into another one."""
    return _install(_only_computing)


def _no_network(numbers: dict[str, int]) -> list[_Instruction]:
    near = _first_argument([(_IF_EQUAL, 1, 0, _AF_UNIX), (_IF_EQUAL, 0, 1, _AF_NETLINK)], errno.EACCES)
    return [*_when(numbers["socket"], near), *_refuse(numbers["io_uring_setup"], errno.EPERM)]


def _only_computing(numbers: dict[str, int]) -> list[_Instruction]:
    own = {"seccomp", "clone", "clone3"}
    program = [line for name in numbers if name not in own for line in _refuse(numbers[name], errno.EPERM)]
    program += _refuse(numbers["clone3"], errno.ENOSYS)  # its flags cannot be seen; libc then uses clone
    threads = _first_argument([(_IF_ANY_BIT, 0, 1, _CLONE_THREAD)], errno.EPERM)
    return program + _when(numbers["clone"], threads)


def _first_argument(tests: list[_Instruction], error: int) -> list[_Instruction]:
    """Allow where one of the tests of the first argument holds (the last one jumps over the permission)."""
    return [
        (_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        *tests,
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE | error),
    ]


def _refuse(number: int, error: int) -> list[_Instruction]:
    return _when(number, [(_RETURN, 0, 0, _REFUSE | error)])


def _when(number: int, then: list[_Instruction]) -> list[_Instruction]:
    return [(_IF_EQUAL, 0, len(then), number), *then]


def _install(rules: Callable[[dict[str, int]], list[_Instruction]]) -> bool:
    """Put a filter over all threads. A 32-bit process is left alone: its numbers are other ones."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or sys.maxsize < 2**32 or not _no_new_privileges():
        return False
    code, numbers = machine
    head = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_IF_EQUAL, 1, 0, code),
        (_RETURN, 0, 0, _REFUSE | errno.EPERM),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IF_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _REFUSE | errno.ENOSYS),
    ]
    program = [*head, *rules(numbers), (_RETURN, 0, 0, _ALLOW)]
    code_bytes = b"".join(struct.pack("=HBBI", *line) for line in program)
    filter_ = _Program(len(program), code_bytes)
    flags = _SECCOMP_FILTER_FLAG_TSYNC
    return _call(numbers["seccomp"], _SECCOMP_SET_MODE_FILTER, flags, ctypes.byref(filter_)) == 0


def _no_new_privileges() -> bool:
    if sys.platform != "linux":
        return False
    return bool(_libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def _call(number: int, *arguments: object) -> int:
    """A system call's answer; -1 for any error, and where there are no such calls."""
    if sys.platform != "linux":
        return -1
    return int(_libc().syscall(ctypes.c_long(number), *arguments))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
