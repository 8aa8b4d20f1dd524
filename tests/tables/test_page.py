"""`docs/tables.md` says what the tables are; `python -m tests.tables.test_page` writes it anew."""

from __future__ import annotations

from pathlib import Path

from sakimori.tables import TABLES
from sakimori.tables.table import PLACE, Column, Table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tables.md"
_HEAD = """# Tables

What records mean, whichever log they come from. A log's description in `sakimori/records/logs/` says how
it fills a table; a view does the rest. A value that does not fit its column is null. Every row also has its
place:

"""


def page() -> str:
    """The page as it must be."""
    tables = "\n".join(_section(table) for table in TABLES.values())
    return f"{_HEAD}{_columns(PLACE)}\n{tables}"


def _section(table: Table) -> str:
    module = __import__(f"sakimori.tables.{table.name}", fromlist=["__doc__"])
    said = " ".join((module.__doc__ or "").split())
    return f"## {table.name}\n\n{said}\n\n{_columns(table.columns)}"


def _columns(columns: tuple[Column, ...]) -> str:
    rows = "".join(f"| `{c.name}` | {c.kind} | {c.meaning} |\n" for c in columns)
    return f"| column | kind | meaning |\n|---|---|---|\n{rows}"


def test_the_page_of_tables_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
