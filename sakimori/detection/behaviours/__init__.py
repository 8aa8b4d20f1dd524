"""Analytics on tables, one a file: `docs/adding-a-behaviour.md` builds the shortest one."""
