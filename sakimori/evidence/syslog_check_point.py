"""Check Point's Log Exporter in its syslog format: `... CheckPoint 1930 - [action:"Accept"; src:"..."; ...]`.

https://sc1.checkpoint.com/documents/R81.20/WebAdminGuides/EN/CP_R81.20_LoggingAndMonitoring_AdminGuide/
(Log Exporter; fields are those of sk144192)
"""

from __future__ import annotations

import re

from sakimori.evidence.text_lines import Row, Told

_PAIR = re.compile(r'([A-Za-z_][\w.-]{0,63}):"((?:[^"\\]|\\.){0,8192})"')


def check_point(row: Row) -> Told | None:
    """The fields between the brackets; None where there are none."""
    text = row.get("structured_data") or row["message"]
    fields: Row = {}
    for key, value in _PAIR.findall(text):
        if value:
            fields.setdefault(key, value.replace('\\"', '"').replace("\\]", "]"))
    if "src" not in fields and "product" not in fields:
        return None
    kept = {name: row[name] for name in row if name.startswith("timestamp") or name == "hostname"}
    return Told("check_point_traffic" if {"src", "dst"} <= fields.keys() else "check_point", fields | kept)
