"""Where intruders leave programs and installers do not: the odd ones of the folders anyone may write to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sakimori.detection.windows_paths import in_nobodys_folder

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, StringValue

_OF_USERS = (
    r"^[a-z]:\\users\\[^\\]+\\(downloads|desktop|documents|music|pictures|videos|appdata\\local\\temp)\\"
)
# Programs that live there by their makers' will.
_SETTLED = (
    r"^[a-z]:\\programdata\\(microsoft\\windows defender|package cache|chocolatey|scoop|dell|lenovo|hp|nvidia"
    r"|nvidia corporation|intel|adobe|docker|dockerdesktop|jetbrains|anaconda3|miniconda3|bomgar-[^\\]+)\\"
)
_DEVICE = r"^\\device\\harddiskvolume\d+|^\\\\[?.]\\volume\{[^}]*\}|^\\volume\{[^}]*\}"


def in_dropping_place(path: StringValue) -> BooleanValue:
    """Whether a program in this place would make one ask who put it there."""
    lower = path.lower()
    return (in_nobodys_folder(lower) | lower.re_search(_OF_USERS)) & ~lower.re_search(_SETTLED)


def from_device(path: StringValue) -> StringValue:
    r"""`c:\users\mei\a.exe` of `\Device\HarddiskVolume3\Users\mei\a.exe`; the drive's letter is assumed."""
    return path.lower().re_replace(_DEVICE, "c:")
