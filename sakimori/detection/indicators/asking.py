"""Where each type of indicator is looked for: columns of the tables, and the keys a value is compared by.

A key is SQL (DuckDB's) over the columns `a`, `b`, `c`; it gives a list, since one name is under several.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sakimori.tables import TABLES
from sakimori.tables.views import identifier

_HOST = (
    "rtrim(regexp_replace(regexp_extract(lower(a), '^(?:[a-z]+://)?(?:[^/@]*@)?([^/?#]*)', 1),"
    " ':\\d+$', ''), '.')"
)
_ADDRESS = "regexp_replace(regexp_replace(lower(a), '^::ffff:', ''), '^(\\d+(?:\\.\\d+){3}):\\d+$', '\\1')"
_NUMBERS = "regexp_extract_all(lower(a), '[0-9a-f]{32,64}')"
_ANY_IPV4 = "regexp_extract_all(a, '\\d{1,3}(?:\\.\\d{1,3}){3}')"
_TAIL = "regexp_extract(lower(a), '([^\\\\/]+)[\\\\/\"]*$', 1)"
_PATH = (
    "regexp_replace(lower(trim(a, '\"')),"
    " '^(?:\\\\\\\\[?.]\\\\|\\\\\\?\\?\\\\)?(?:\\\\device\\\\harddiskvolume\\d+|[a-z]:)', '')"
)
_LINK = "regexp_replace(a, '^[A-Za-z]+://', '')"
_LINK_LOW = f"lower(regexp_extract({_LINK}, '^[^/?#]*')) || regexp_extract({_LINK}, '^[^/?#]*([^#]*)', 1)"
_NO_PORT = "regexp_replace({}, '^([^/:]+):(?:80|443)/', '\\1/')"
_KEY = (
    "regexp_replace(regexp_replace(regexp_replace(lower(a),"
    " '^(?:\\\\?registry\\\\machine|hkey_local_machine|hklm:)\\\\', 'hklm\\\\'),"
    " '^(?:\\\\?registry\\\\user|hkey_users|hku)\\\\s-1-5-21[\\d-]*\\\\"
    "|^hkey_current_user\\\\|^hkcu:\\\\', 'hkcu\\\\'),"
    " '^(?:hkey_users|\\\\?registry\\\\user)\\\\', 'hku\\\\')"
)


def _suffixes(text: str) -> str:
    return (
        f"list_transform(range(1, len(string_split({text}, '.'))),"
        f" lambda i: array_to_string(string_split({text}, '.')[i:], '.'))"
    )


_KEYS: Mapping[str, str] = {
    "hash": f"list_filter({_NUMBERS}, lambda h: len(h) IN (32, 40, 64))",
    "host": _suffixes(_HOST),
    "bare host": f"[{_HOST}]",
    "mail": _suffixes("lower(trim(split_part(a, '@', -1), ' >'))"),
    "address": f"[{_ADDRESS}]",
    "addresses": _ANY_IPV4,
    "endpoint": f"[CASE WHEN contains({_ADDRESS}, ':')"
    f" THEN '[' || {_ADDRESS} || ']' ELSE {_ADDRESS} END || ':' || b]",
    "link": f"[{_NO_PORT.format(_LINK_LOW)}]",
    "parts": "[lower(a) || b, regexp_replace(lower(a), ':\\d+$', '') || b,"
    " regexp_replace(lower(a), ':\\d+$', '') || ':' || c || b]",
    "link path": f"[regexp_extract({_LINK}, '^[^/?#]*(/[^#]*)', 1),"
    f" regexp_extract({_LINK}, '^[^/?#]*(/[^?#]*)', 1)]",
    "path": "[a, regexp_extract(a, '^[^?#]*')]",
    "name": f"[{_TAIL}]",
    "file": f"[{_PATH}]",
    "registry": f"list_transform(range(4, len(string_split({_KEY}, '\\')) + 1),"
    f" lambda i: array_to_string(string_split({_KEY}, '\\')[:i], '\\'))",
    "word": "[lower(ltrim(a, '\\'))]",
    "as it is": "[a]",
    "text": "[regexp_replace(lower(a), '\\s+', ' ', 'g')]",
}
# What an indicator's own value is compared by, where that is not the value.
INDEXED: Mapping[str, str] = {
    "url": _NO_PORT.format("regexp_replace(value, '^[a-z]+://', '')"),
    "path": "regexp_replace(value, '^[a-z]:', '')",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A place to look: a table, one to three of its columns, and the SQL of the keys."""

    type: str
    table: str
    columns: tuple[str, ...]
    keys: str

    @property
    def distinct(self) -> str:
        """The query for what stands there, each once, as a, b, c."""
        named = ", ".join(
            f"CAST({identifier(c)} AS VARCHAR) AS {letter}"
            for c, letter in zip(self.columns, "abc", strict=False)
        )
        filled = " AND ".join(f"{identifier(c)} IS NOT NULL" for c in self.columns[:2])
        return f"SELECT DISTINCT {named} FROM {identifier(self.table)} WHERE {filled}"


_LOOKED_FOR: Mapping[str, tuple[tuple[str, str], ...]] = {
    "hash": (("hash", "hashes"),),
    "domain": (
        ("host", "query"), ("host", "url_host"), ("host", "destination_host"), ("host", "url"),
        ("host", "referrer"), ("mail", "sender"), ("mail", "header_sender"),
    ),
    "url": (("parts", "url_host url_path destination_port"), ("link", "url"), ("link", "referrer")),
    "url_path": (("path", "url_path"), ("link path", "url")),
    "address": (
        ("address", "source_address"), ("address", "destination_address"), ("addresses", "answers"),
        ("bare host", "url_host"),
    ),
    "address_port": (
        ("endpoint", "destination_address destination_port"), ("endpoint", "source_address source_port"),
    ),
    "file_name": (
        ("name", "image"), ("name", "loaded"), ("name", "path"), ("name", "attachment"),
        ("name", "original_file_name"),
    ),
    "path": (
        ("file", "image"), ("file", "loaded"), ("file", "path"), ("file", "image_path"), ("file", "program"),
    ),
    "registry_key": (("registry", "key"),),
    "service": (("word", "service:name"),),
    "task": (("word", "scheduled_job:name"), ("word", "persistence:name")),
    "command_line": (
        ("text", "command_line"), ("text", "parent_command_line"), ("text", "script:text"),
        ("text", "service:image_path"), ("text", "persistence:command"), ("text", "scheduled_job:content"),
    ),
    "user_agent": (("as it is", "user_agent"),),
}  # fmt: skip
# Whose addresses are those of the house's own machines, or whose words mean something else.
_NOT = frozenset(
    {("mail_trace", "url_path"), ("registry_value", "key"), ("api_activity", "path"), ("unread", "path")}
)


def places_to_look(type_: str) -> Iterator[Asked]:
    """Every table that has the columns; none for a type no table holds (mutex, certificate serial)."""
    for keys, words in _LOOKED_FOR.get(type_, ()):
        only, _, named = words.rpartition(":")
        columns = tuple(named.split())
        for table in TABLES.values():
            has = {column.name for column in table.columns}
            if set(columns) <= has and only in ("", table.name) and (table.name, columns[0]) not in _NOT:
                yield Asked(type_, table.name, columns, _KEYS[keys])
