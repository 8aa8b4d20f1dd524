r"""Windows paths in expressions: folder, file name, whose folder, and the shape that repeats elsewhere.

All of it is in the portable subset of Ibis: `lower`, `replace`, `re_search`, `re_extract`, `re_replace`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, StringValue

# Folders any user may write to, or where programs have no business; and drives that are no system's home,
# at their root: that is how a program in a mounted ISO looks.
_ANYONES = (
    r"^([a-z]:\\(users\\|programdata\\|perflogs\\|intel\\|temp\\|tmp\\|\$recycle\.bin\\|recovery\\"
    r"|windows \\|windows\\(temp|tasks|debug|tracing|fonts|help|media|addins|vss)\\"
    r"|windows\\system32\\(tasks|spool\\drivers\\color)\\|[^\\]+$)|\\\\)"
)
# Of these, where nobody installs or unpacks a program of his own.
_NOBODYS = (
    r"^[a-z]:\\(users\\public\\|users\\[^\\]+\\appdata\\(roaming|local|locallow)\\[^\\]+$|programdata\\|perflogs\\"
    r"|intel\\|\$recycle\.bin\\|recovery\\|windows)"
)
_WINDOWS = r"^[a-z]:\\windows\\(system32|syswow64|winsxs|sysarm32)\\"

_PROGRAM = r'([a-z]:|%[a-z]+%)?\\[^"<>|*?\r\n]*?\.(exe|com|scr|dll|sys|bat|cmd|ps1|vbs|js|wsf|hta|py|jar)\b'
# Variables as they read for the ordinary user of an ordinary system.
_ENVIRONMENT = {
    "systemroot": r"c:\windows",
    "windir": r"c:\windows",
    "systemdrive": "c:",
    "programdata": r"c:\programdata",
    "allusersprofile": r"c:\programdata",
    "public": r"c:\users\public",
    "userprofile": r"c:\users\user",
    "localappdata": r"c:\users\user\appdata\local",
    "appdata": r"c:\users\user\appdata\roaming",
    "temp": r"c:\users\user\appdata\local\temp",
    "tmp": r"c:\users\user\appdata\local\temp",
}


def folder(path: StringValue) -> StringValue:
    r"""`c:\users\mei` of `C:\Users\mei\a.exe`, lower case; empty where there is no folder."""
    return path.lower().re_extract(r"^(.*)[\\/][^\\/]*$", 1)


def file_name(path: StringValue) -> StringValue:
    r"""`a.exe` of `C:\Users\mei\A.exe`, lower case."""
    return path.lower().re_extract(r"([^\\/]*)$", 1)


def in_anyones_folder(path: StringValue) -> BooleanValue:
    """Whether any user may write there, or nobody installs there; also network shares and roots of drives."""
    return path.lower().re_search(_ANYONES)


def in_nobodys_folder(path: StringValue) -> BooleanValue:
    """Whether, besides, no user keeps programs of his own there."""
    return in_anyones_folder(path) & path.lower().re_search(_NOBODYS)


def in_windows_folder(path: StringValue) -> BooleanValue:
    """Whether Windows keeps its own libraries there."""
    return path.lower().re_search(_WINDOWS)


def shape(text: StringValue) -> StringValue:
    """The text as it would read on another host: users, SIDs, GUIDs, numbers and spaces made alike."""
    made = _expanded(text.lower()).re_replace(r"\\users\\[^\\]+", r"\\users\\*")
    made = made.re_replace(r"s-1-5-21(-\d+)+", "<sid>")
    made = made.re_replace(r"\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?", "<guid>")
    return made.re_replace(r"\d+", "#").re_replace(r"\s+", " ").strip()


def command_of(content: StringValue) -> StringValue:
    """What a scheduled job runs, of its XML (also where that stands escaped); other contents as they are.

    https://learn.microsoft.com/windows/win32/taskschd/taskschedulerschema-command-exectype-element
    """
    plain = content.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    command = plain.re_extract(r"(?s)<Command>(.*?)</Command>", 1)
    arguments = plain.re_extract(r"(?s)<Arguments>(.*?)</Arguments>", 1)
    whole = (command + " " + arguments).strip()
    return ibis.ifelse(command != "", whole, content)


def program_in(command: StringValue) -> StringValue:
    """The path of what a command runs, lower case; empty where it names none.

    Where one of Windows' own programs is told to run something, that is meant: `cmd /c a.bat` runs `a.bat`.
    """
    first = command.lower().re_extract(_PROGRAM, 0)
    told = command.lower().re_extract(r"(?s)^.*?\.exe\b(.*)$", 1).re_extract(_PROGRAM, 0)
    return ibis.ifelse(in_windows_folder(_expanded(first)) & (told != ""), told, first)


def _expanded(text: StringValue) -> StringValue:
    for name, place in _ENVIRONMENT.items():
        text = text.replace(f"%{name}%", place)
    return text
