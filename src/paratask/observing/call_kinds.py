"""The system calls that are traced, by what they do with the paths that they name. Names only; accesses.py says what follows."""

from __future__ import annotations

LOOK_UPS = frozenset("stat lstat stat64 lstat64 newfstatat statx access faccessat faccessat2 readlink readlinkat".split())
OPENS = frozenset("open openat openat2 creat".split())
MAKERS = frozenset("mkdir mkdirat mknod mknodat unlink unlinkat rmdir".split())
CHANGERS = frozenset(
    "truncate chmod fchmodat fchmodat2 chown lchown fchownat utime utimes futimesat utimensat setxattr".split()
)
PAIRS = frozenset("rename renameat renameat2 link linkat".split())
SYMLINKS = frozenset(("symlink", "symlinkat"))
BY_FD = frozenset(("ftruncate", "fchmod", "fchown"))
AT_CALLS = frozenset(
    "openat openat2 newfstatat statx faccessat faccessat2 readlinkat unlinkat mkdirat mknodat fchmodat fchmodat2 fchownat futimesat "
    "utimensat execveat".split()
)
STARTERS = frozenset(("clone", "clone3", "fork", "vfork"))

TRACED = (
    "?open,openat,?openat2,?creat,?stat,?lstat,?newfstatat,?statx,?access,faccessat,?faccessat2,?readlink,readlinkat,"
    "?rename,?renameat,?renameat2,?unlink,unlinkat,?rmdir,?mkdir,mkdirat,?mknod,mknodat,?link,linkat,?symlink,symlinkat,"
    "truncate,ftruncate,?chmod,fchmod,fchmodat,?fchmodat2,?chown,?lchown,fchown,fchownat,?utime,?utimes,?futimesat,utimensat,"
    "setxattr,execve,?execveat,chdir,fchdir,?getdents,getdents64,clone,?clone3,?fork,?vfork,connect,bind,getsockname"
)
"""What has to be traced, in strace's words; `?` where a kernel may not have it."""
