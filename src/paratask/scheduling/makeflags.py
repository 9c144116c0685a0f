"""GNU make's MAKEFLAGS as text: what it says of jobs and a jobserver, and the same with another jobserver. Pure.

GNU make manual: "Options/Recursion" and "Job Slots". make 3.78 to 4.1 write `-j --jobserver-fds=R,W`, 4.2 and later
`-jN --jobserver-auth=R,W`, 4.4 and later also `--jobserver-auth=fifo:PATH`. Of several the last one counts; what stands after a
word `--` are variables, with blanks and backslashes escaped.
"""

from __future__ import annotations

from paratask.frozen import dataclass

AUTH_OPTIONS = ("--jobserver-auth=", "--jobserver-fds=")
LONG_JOBS = "--jobs"
UNLIMITED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeFlags:
    """`auth` is the jobserver's address as written, empty where there is none. `jobs`: None where nothing is said, 0 for `-j` alone.

    `flags` are the other words, `variables` what follows them, from ` -- ` on.
    """

    auth: str = ""
    jobs: int | None = None
    flags: tuple[str, ...] = ()
    variables: str = ""

    @property
    def is_parallel(self) -> bool:
        """Whether a make that inherits them runs several recipes at once of its own accord, without a jobserver's leave."""
        return not self.auth and self.jobs not in (None, 1)

    @property
    def fds(self) -> tuple[int, int] | None:
        """The descriptors to read from and to write to; None where the jobserver is no pipe."""
        read, comma, write = self.auth.partition(",")
        return (int(read), int(write)) if comma and _is_number(read) and _is_number(write) else None

    @property
    def fifo(self) -> str:
        """The path of the named pipe, or an empty text."""
        return self.auth.removeprefix("fifo:") if self.auth.startswith("fifo:") else ""


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit()


def parse_makeflags(text: str) -> MakeFlags:
    """What make, or a user, wrote. Words that nobody knows are kept as they are."""
    head, variables = _without_variables(text)
    auth, jobs = "", None
    flags: list[str] = []
    for number, word in enumerate(head.split()):
        option = next((option for option in AUTH_OPTIONS if word.startswith(option)), "")
        count = parse_jobs_word(word if number or word.startswith("-") else f"-{word}")
        if option:
            auth = word[len(option) :]
        elif count is not None:
            jobs = count
        else:
            flags.append(word)
    return MakeFlags(auth=auth, jobs=jobs, flags=tuple(flags), variables=variables)


def _without_variables(text: str) -> tuple[str, str]:
    if text.startswith("-- "):
        return "", f" {text}"
    head, separator, variables = text.partition(" -- ")
    return head, separator + variables


def parse_jobs_word(word: str) -> int | None:
    """The number of `-j8` or `--jobs=8`, 0 for one without a number; None for any other word."""
    for option in ("-j", f"{LONG_JOBS}=", LONG_JOBS):
        if word.startswith(option):
            digits = word[len(option) :]
            if not digits:
                return UNLIMITED
            return int(digits) if digits.isascii() and digits.isdigit() else None
    return None


def with_jobserver(text: str, *, jobs: int, option: str) -> str:
    """`text` with this jobserver (`--jobserver-auth=fifo:…`) in place of what it says of jobs; flags and variables stay. `jobs` may be UNLIMITED.

    The first word never begins with a letter that make would take for a flag.
    """
    flags = parse_makeflags(text)
    words = " ".join((*flags.flags, f"-j{jobs or ''}", option))
    return (words if flags.flags else f" {words}") + flags.variables
