from __future__ import annotations

import pytest

from paratask.observing.accesses import Accesses, Witness
from paratask.observing.network import is_loopback
from paratask.observing.system_calls import parse_calls

AT = "AT_FDCWD</w>"
ABSENT = "-1 ENOENT (No such file or directory)"


def seen(
    *lines: str, folder: str = "/w", is_file=lambda _: True, resolve=lambda path: path, read_link=lambda _: ""
) -> Accesses:
    """What a job with these calls did; a line without a process is process 1's."""
    whole = [line if line[0].isdigit() else f"1 {line}" for line in lines]
    witness = Witness(resolve, is_file, read_link)
    witness.take(parse_calls(whole), folder)
    return witness.accesses()


def test_a_file_that_is_opened_to_read_is_read_under_its_real_name():
    assert seen(f'openat({AT}, "link/a", O_RDONLY|O_CLOEXEC) = 3</w/real/a>').reads == {"/w/real/a"}


def test_a_file_that_is_opened_to_write_is_written_and_a_name_that_was_made_is_known():
    found = seen(f'openat({AT}, "a", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</w/a>', f'openat({AT}, "b", O_WRONLY) = 3</w/b>')
    assert (found.writes, found.made, found.reads) == ({"/w/a", "/w/b"}, {"/w/a"}, frozenset())


def test_one_opened_for_both_is_read_and_written():
    found = seen(f'openat({AT}, "a", O_RDWR) = 3</w/a>')
    assert (found.reads, found.writes) == ({"/w/a"}, {"/w/a"})


def test_what_a_job_made_itself_it_does_not_read():
    found = seen(f'openat({AT}, "a", O_WRONLY|O_CREAT, 0666) = 3</w/a>', f'openat({AT}, "a", O_RDONLY) = 3</w/a>')
    assert found.reads == frozenset()


def test_a_failed_look_up_is_one_that_another_job_may_answer_otherwise():
    found = seen(
        f'openat({AT}, "a", O_RDONLY) = {ABSENT}', f'access("b", R_OK) = {ABSENT}', f'execve("/w/c", ["c"], 0x1) = {ABSENT}',
        'stat("d/e", 0x7f) = -1 ENOTDIR (Not a directory)',
    )  # fmt: skip
    assert found.missing == {"/w/a", "/w/b", "/w/c"}
    assert found.looks == {"/w/d"}, "it depends on that being no folder"


def test_folders_and_files_that_are_looked_up_are_told_apart():
    found = seen(
        f'newfstatat({AT}, "src", {{st_mode=S_IFDIR|0755, ...}}, 0) = 0',
        f'newfstatat({AT}, "src/a", {{st_mode=S_IFREG|0644, ...}}, 0) = 0',
        f'openat({AT}, "lib", O_RDONLY|O_NONBLOCK|O_DIRECTORY) = 3</w/lib>',
    )
    assert (found.folders, found.looks, found.reads) == ({"/w/src", "/w/lib"}, {"/w/src/a"}, frozenset())


def test_an_open_file_that_is_asked_about_is_nothing_new():
    assert seen('newfstatat(3</w/a>, "", {st_mode=S_IFREG|0644, ...}, AT_EMPTY_PATH) = 0') == Accesses()


def test_listing_a_folder_is_reading_its_names():
    assert seen("getdents64(3</w/src>, 0x55 /* 5 entries */, 32768) = 144").lists == {"/w/src"}


def test_both_names_of_a_rename_are_written():
    found = seen(f'renameat2({AT}, "a", 4</w/d>, "b", RENAME_NOREPLACE) = 0')
    assert found.writes == found.made == {"/w/a", "/w/d/b"}
    assert seen('rename("a", "b") = 0').writes == {"/w/a", "/w/b"}


def test_what_was_made_under_another_name_first_counts_under_the_last_one():
    found = seen(
        f'openat({AT}, "out/.tmp1234", O_WRONLY|O_CREAT|O_EXCL, 0600) = 3</w/out/.tmp1234>',
        'rename("out/.tmp1234", "out/a") = 0',
    )
    assert found.writes == {"/w/out/a"}


def test_what_is_in_a_folder_that_was_made_under_another_name_moves_with_it():
    found = seen(
        'mkdir("new.tmp", 0777) = 0',
        f'openat({AT}, "new.tmp/a", O_WRONLY|O_CREAT, 0666) = 3</w/new.tmp/a>',
        'rename("new.tmp", "new") = 0',
    )
    assert found.writes == {"/w/new", "/w/new/a"}


def test_a_name_that_is_made_again_after_its_rename_stays():
    found = seen('mkdir("a", 0777) = 0', 'rename("a", "b") = 0', 'mkdir("a", 0777) = 0')
    assert found.writes == {"/w/a", "/w/b"}


def test_a_folder_that_was_there_is_renamed_with_all_that_is_in_it():
    assert seen('rename("old", "new") = 0', is_file=lambda _: False).trees == {"/w/old", "/w/new"}
    assert seen('rename("old.txt", "new.txt") = 0').trees == frozenset()


def test_names_that_go():
    found = seen(
        'unlink("a") = 0',
        f'unlinkat({AT}, "b", AT_REMOVEDIR) = 0',
        'rmdir("c") = 0',
        'rmdir("d") = -1 ENOTEMPTY (Directory not empty)',
    )
    assert found.made == {"/w/a", "/w/b", "/w/c"}


def test_links_read_what_they_name_and_write_their_own_name():
    found = seen('link("a", "b") = 0', 'symlink("anything", "c") = 0', f'symlinkat("anything", {AT}, "d") = 0')
    assert (found.reads, found.writes) == ({"/w/a"}, {"/w/b", "/w/c", "/w/d"})


def test_truncation_and_attributes_are_writes_of_what_is_there():
    found = seen(
        'truncate("a", 0) = 0', "ftruncate(3</w/b>, 0) = 0", 'chmod("c", 0755) = 0', "fchmod(3</w/d>, 0644) = 0",
        f'utimensat({AT}, "e", NULL, 0) = 0', "utimensat(0</w/f>, NULL, NULL, 0) = 0", 'fchownat(3</w/sub>, "g", 1, 1, 0) = 0',
    )  # fmt: skip
    assert found.writes == {"/w/a", "/w/b", "/w/c", "/w/d", "/w/e", "/w/f", "/w/sub/g"}
    assert found.made == frozenset()


def test_asking_for_a_folder_that_is_there_is_no_write():
    found = seen('mkdir("a", 0777) = -1 EEXIST (File exists)', 'mkdir("b", 0777) = 0')
    assert (found.writes, found.ensured) == ({"/w/b"}, {"/w/a", "/w/b"})


def test_relative_names_follow_the_working_folder_of_each_process():
    found = seen(
        '1 chdir("sub") = 0',
        "1 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>",
        '2 unlink("child") = 0',
        "1 <... clone resumed>) = 2",
        '2 chdir("deep") = 0',
        '2 unlink("child") = 0',
        '1 unlink("parent") = 0',
        "1 fchdir(3</elsewhere>) = 0",
        '1 unlink("x") = 0',
        '1 chdir("/nowhere") = -1 ENOENT (No such file or directory)',
        '1 unlink("y") = 0',
    )
    assert found.writes == {"/w/sub/child", "/w/sub/deep/child", "/w/sub/parent", "/elsewhere/x", "/elsewhere/y"}


def test_threads_share_their_working_folder():
    found = seen(
        "1 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES, exit_signal=0}, 88) = 2", '2 chdir("/sub") = 0', '1 unlink("a") = 0'
    )
    assert found.writes == {"/sub/a"}


def test_a_file_without_a_name_is_no_write_until_it_gets_one():
    found = seen(
        f'openat({AT}, "/w/d", O_RDWR|O_TMPFILE, 0600) = 3</w/d/#123 (deleted)>',
        f'linkat(3</w/d/#123>, "", {AT}, "a", AT_EMPTY_PATH) = 0',
    )
    assert "/w/a" in found.writes
    assert not any("#123" in path for path in found.writes)


def test_names_that_nobody_else_can_know():
    found = seen(
        'mkdir("/tmp/x.Ab12", 0700) = 0',
        'mkdir("/tmp/fixed", 0777) = 0',
        f'openat({AT}, "/tmp/cc1.s", O_RDWR|O_CREAT|O_EXCL, 0600) = 3</tmp/cc1.s>',
    )
    assert found.private == {"/tmp/x.Ab12", "/tmp/cc1.s"}


def test_bytes_that_are_no_text_survive():
    assert seen(rf'openat({AT}, "b\377", O_RDONLY) = 3</w/b\377>').reads == {"/w/b\udcff"}


def test_ports_and_contacts():
    found = seen(
        'bind(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
        'bind(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
        'bind(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(81), sin_addr=inet_addr("0.0.0.0")}, 16) = -1 EACCES (Permission denied)',
        'connect(3<socket:[2]>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.7")}, 16) = -1 EINPROGRESS (In progress)',
        'connect(3<socket:[2]>, {sa_family=AF_INET6, sin6_port=htons(5), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr)}, 28) = 0',
        'connect(3<socket:[2]>, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.1")}, 16) = 0',
        'connect(3<socket:[3]>, {sa_family=AF_UNIX, sun_path="/var/run/docker.sock"}, 23) = 0',
        'connect(3<socket:[3]>, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 23) = 0',
        'bind(3<socket:[4]>, {sa_family=AF_UNIX, sun_path="app.sock"}, 23) = 0',
    )
    assert found.ports == {8080}
    assert found.contacts == {"192.0.2.7", "/var/run/docker.sock"}
    assert found.writes == {"/w/app.sock"}


def test_a_port_that_the_kernel_drew_is_nobody_s_also_where_it_is_asked_for_by_number_afterwards():
    """As mix does for its locks, and whoever looks for a free port first: another run draws another one."""
    address = 'sin_addr=inet_addr("127.0.0.1")}'
    found = seen(
        f"bind(3<socket:[1]>, {{sa_family=AF_INET, sin_port=htons(0), {address}, 16) = 0",
        f"getsockname(3<socket:[1]>, {{sa_family=AF_INET, sin_port=htons(38719), {address}, [112 => 16]) = 0",
        f"bind(4<socket:[2]>, {{sa_family=AF_INET, sin_port=htons(38719), {address}, 16) = 0",
        f"bind(5<socket:[3]>, {{sa_family=AF_INET, sin_port=htons(50051), {address}, 16) = 0",
        f"getsockname(5<socket:[3]>, {{sa_family=AF_INET, sin_port=htons(50051), {address}, [112 => 16]) = 0",
        f"bind(6<socket:[4]>, {{sa_family=AF_INET, sin_port=htons(50051), {address}, 16) = 0",
    )
    assert found.ports == {50051}


@pytest.mark.parametrize(
    ("address", "here"), [("127.0.0.53", True), ("::1", True), ("::ffff:127.0.0.1", True), ("10.0.0.1", False)]
)
def test_loopback(address, here):
    assert is_loopback(address) is here


LINKS = {"/w/current": "releases/1", "/w/latest": "/w/current"}


def through_links(path: str) -> str:
    """Where a path leads in a checkout with these links."""
    for link, target in LINKS.items():
        if path == link or path.startswith(f"{link}/"):
            return through_links(f"/w/{target.removeprefix('/w/')}{path[len(link) :]}")
    return path


@pytest.mark.parametrize(
    "line",
    [
        f'openat({AT}, "latest/x", O_RDONLY) = 3</w/releases/1/x>',
        f'openat({AT}, "latest/../1/x", O_RDONLY) = 3</w/releases/1/x>',
        f'openat({AT}, "latest/out", O_WRONLY|O_CREAT) = 3</w/releases/1/out>',
        f'openat({AT}, "latest/gone", O_RDONLY) = {ABSENT}',
        f'newfstatat({AT}, "latest", {{st_mode=S_IFDIR|0755, ...}}, 0) = 0',
        'execve("/w/latest/tool", ["tool"], 0x1) = 0',
        'chdir("latest") = 0',
        'mkdir("latest/new", 0777) = 0',
        'rename("latest/a", "b") = 0',
    ],
)
def test_links_on_the_way_to_a_file_were_not_read(line: str):
    """A task that set `current` to another release ran beside one that read what is behind it."""
    found = seen(line, resolve=through_links, read_link=lambda path: LINKS.get(path, ""))
    assert {"/w/current", "/w/latest"} <= found.looks


def test_link_that_the_job_made_itself_is_not_looked_up():
    found = seen(
        'symlink("releases/1", "current") = 0', f'openat({AT}, "current/x", O_RDONLY) = 3</w/releases/1/x>',
        resolve=through_links, read_link=lambda path: LINKS.get(path, ""),
    )  # fmt: skip
    assert found.looks == frozenset()


@pytest.mark.parametrize(
    ("lines", "writes"),
    [
        ([f'openat({AT}, "b", O_WRONLY) = 3</w/b>'], {"/w/a", "/w/b"}),
        ([f'openat({AT}, "b", O_WRONLY|O_CREAT|O_TRUNC) = 3</w/b>'], {"/w/a", "/w/b"}),
        (["ftruncate(3</w/b>, 0) = 0"], {"/w/a", "/w/b"}),
        (['unlink("b") = 0', f'openat({AT}, "b", O_WRONLY|O_CREAT) = 3</w/b>'], {"/w/b"}),
        (['rename("c", "b") = 0', f'openat({AT}, "b", O_WRONLY) = 3</w/b>'], {"/w/b", "/w/c"}),
    ],
)
def test_writing_under_a_second_name_did_not_count_for_the_first(lines: list[str], writes: set[str]):
    assert seen('link("a", "b") = 0', *lines).writes == writes
