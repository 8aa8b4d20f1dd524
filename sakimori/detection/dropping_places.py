"""Where intruders leave programs and installers do not: the odd ones of the folders anyone may write to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from sakimori.detection.windows_paths import in_nobodys_folder

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, StringValue

_OF_USERS = (
    r"^[a-z]:\\users\\[^\\]+\\(downloads|desktop|documents|music|pictures|videos|appdata\\local\\temp)\\"
)
# On Unix what anyone may write to, and files hidden straight in a home.
_UNIX = r"^/(tmp|private/tmp|var/tmp|dev/shm|users/shared)/|^/(users|home)/[^/]+/(downloads/|\.[^/]+$)"
_FIRST = r"(?:^|[\s\"'=])(/[^\s\"';|&]+)"
# Programs that live there by their makers' will.
_INTERPRETERS = r"/(env|sh|bash|zsh|dash|python[\d.]*|perl|ruby|node|osascript|nohup)$"
_SETTLED = (
    r"^[a-z]:\\programdata\\(microsoft\\windows defender|package cache|chocolatey|scoop|dell|lenovo|hp|nvidia"
    r"|nvidia corporation|intel|adobe|docker|dockerdesktop|jetbrains|anaconda3|miniconda3|bomgar-[^\\]+)\\"
)
_DEVICE = r"^\\device\\harddiskvolume\d+|^\\\\[?.]\\volume\{[^}]*\}|^\\volume\{[^}]*\}"


def in_dropping_place(path: StringValue) -> BooleanValue:
    """Whether a program in this place would make one ask who put it there."""
    lower = path.lower()
    odd = in_nobodys_folder(lower) | lower.re_search(_OF_USERS) | lower.re_search(_UNIX)
    return odd & ~lower.re_search(_SETTLED)


def unix_program_in(command: StringValue) -> StringValue:
    """The path of what a command runs, lower case; of an interpreter the file it is told to run, if any.

    Empty where it names none.
    """
    first = command.lower().re_extract(_FIRST, 1)
    told = command.lower().re_extract(_FIRST + r".*?" + _FIRST, 2)
    return ibis.ifelse(first.re_search(_INTERPRETERS) & (told != ""), told, first)


def from_device(path: StringValue) -> StringValue:
    r"""`c:\users\mei\a.exe` of `\Device\HarddiskVolume3\Users\mei\a.exe`; the drive's letter is assumed."""
    return path.lower().re_replace(_DEVICE, "c:")
