r"""Windows paths in expressions: folder, file name, whose folder, and the shape that repeats elsewhere.

Everything here is in Ibis's portable subset: `lower`, `re_search`, `re_extract`, `re_replace`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, StringValue

# Folders any user may write to, or where programs have no business; and drives that are no system's home,
# at their root: that is how a program in a mounted ISO looks.
_ANYONES = (
    r"^([a-z]:\\(users\\|programdata\\|perflogs\\|intel\\|temp\\|tmp\\|\$recycle\.bin\\|recovery\\"
    r"|windows\\(temp|tasks|debug|tracing|fonts|help|media|addins|vss)\\"
    r"|windows\\system32\\(tasks|spool\\drivers\\color)\\|[^\\]+$)|\\\\)"
)
_WINDOWS = r"^[a-z]:\\windows\\(system32|syswow64|winsxs|sysarm32)\\"


def folder(path: StringValue) -> StringValue:
    r"""`c:\users\mei` of `C:\Users\mei\a.exe`, lower case; empty where there is no folder."""
    return path.lower().re_extract(r"^(.*)[\\/][^\\/]*$", 1)


def file_name(path: StringValue) -> StringValue:
    r"""`a.exe` of `C:\Users\mei\A.exe`, lower case."""
    return path.lower().re_extract(r"([^\\/]*)$", 1)


def in_anyones_folder(path: StringValue) -> BooleanValue:
    """Whether any user may write there, or nobody installs there; also network shares and roots of drives."""
    return path.lower().re_search(_ANYONES)


def in_windows_folder(path: StringValue) -> BooleanValue:
    """Whether Windows keeps its own libraries there."""
    return path.lower().re_search(_WINDOWS)


def shape(text: StringValue) -> StringValue:
    """The text as it would read on another host: users, SIDs, GUIDs, numbers and spaces made alike."""
    made = text.lower().re_replace(r"\\users\\[^\\]+", r"\\users\\*")
    made = made.re_replace(r"s-1-5-21(-\d+)+", "<sid>")
    made = made.re_replace(r"\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?", "<guid>")
    return made.re_replace(r"\d+", "#").re_replace(r"\s+", " ").strip()
