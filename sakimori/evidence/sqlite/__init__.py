"""SQLite databases that machines keep: which of them answer what, and how they are read."""
