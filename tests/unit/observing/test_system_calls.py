from __future__ import annotations

import pytest

from paratask.observing.system_calls import Lines, SystemCall, parse_calls, unescaped


def calls(text: str) -> list[SystemCall]:
    return list(parse_calls(text.strip().splitlines(keepends=True)))


def test_a_call_has_its_process_its_arguments_and_its_result():
    assert calls('7 openat(AT_FDCWD</w>, "a b", O_RDONLY|O_CLOEXEC) = 3</w/a b>') == [
        SystemCall(pid=7, name="openat", arguments='AT_FDCWD</w>, "a b", O_RDONLY|O_CLOEXEC', result="3</w/a b>")
    ]


def test_padding_before_the_result_and_before_the_name_is_strace_s_layout():
    (call,) = calls('12345  chdir("/tmp")                     = 0')
    assert (call.pid, call.name, call.arguments, call.result) == (12345, "chdir", '"/tmp"', "0")


def test_calls_cut_in_two_stand_where_they_began():
    found = calls("""
1 execve("/bin/a", ["a"], 0x1 /* 3 vars */ <unfinished ...>
2 openat(AT_FDCWD</w>, "x",  <unfinished ...>
1 <... execve resumed>)             = 0
2 <... openat resumed>O_RDONLY) = 3</w/x>
1 unlink("y") = 0
""")
    assert [(call.pid, call.name, call.arguments, call.result) for call in found] == [
        (1, "execve", '"/bin/a", ["a"], 0x1 /* 3 vars */', "0"),
        (2, "openat", 'AT_FDCWD</w>, "x", O_RDONLY', "3</w/x>"),
        (1, "unlink", '"y"', "0"),
    ]


def test_a_call_that_its_process_did_not_survive_has_no_result():
    (call,) = calls('3 unlink("a" <unfinished ...>\n3 +++ killed by SIGKILL +++')
    assert (call.arguments, call.result, call.succeeded) == ('"a"', "?", False)


def test_two_threads_may_have_the_same_call_open():
    found = calls("""
1 stat("a",  <unfinished ...>
2 stat("b",  <unfinished ...>
2 <... stat resumed>{st_mode=S_IFREG}) = 0
1 <... stat resumed>{st_mode=S_IFDIR}) = 0
""")
    assert [call.arguments for call in found] == ['"a", {st_mode=S_IFDIR}', '"b", {st_mode=S_IFREG}']


@pytest.mark.parametrize(
    "line",
    [
        "1 +++ exited with 0 +++",
        "1 --- SIGCHLD {si_signo=SIGCHLD} ---",
        "strace: Process 3 attached",
        "",
        "1 <... open resumed>) = 3",
    ],
)
def test_what_is_no_call_is_passed_over(line):
    assert calls(line) == []


def test_a_path_may_look_like_the_end_of_a_call():
    (call,) = calls('1 openat(AT_FDCWD</w>, "a) = 3", O_RDONLY) = -1 ENOENT (No such file or directory)')
    assert call.arguments == 'AT_FDCWD</w>, "a) = 3", O_RDONLY'
    assert not call.succeeded


def test_the_number_of_a_result():
    assert [SystemCall(pid=1, name="x", arguments="", result=result).number for result in ("42", "-1 EPERM", "?")] == [
        42,
        -1,
        0,
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("plain", "plain"),
        (r"a\nb\tc\\d\"e", 'a\nb\tc\\d"e'),
        (r"gr\303\274n", "grün"),
        (r"\76\74", "><"),
        (r"\0011", "\x011"),
        (r"\x0a", "\n"),
        (r"bad\377", "bad\udcff"),
    ],
)
def test_escapes(written, meant):
    assert unescaped(written) == meant


@pytest.mark.parametrize(
    ("text", "is_cut_off"),
    [
        ('1  execve("a") = 0\n1  +++ exited with 0 +++\n', False),
        ('1  execve("a") = 0\n1  +++ killed by SIGKILL +++\n2  open', False),
        ('1  execve("a") = 0\n', False),
        ('1  execve("a") = 0\n2  +++ exited with 0 +++\n1  openat(AT_FD', True),
        ("", True),
    ],
)
def test_whether_a_trace_was_cut_off_is_told_by_its_end(text, is_cut_off):
    lines = Lines(text.splitlines(keepends=True))
    assert "".join(lines) == text
    assert lines.is_cut_off is is_cut_off
