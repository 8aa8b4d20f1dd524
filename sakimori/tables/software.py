"""A product, a package or a component is or was installed, locked or built in.

OCSF: Software Inventory Info (5020), https://schema.ocsf.io/classes/software_info
"""

from sakimori.tables.table import Column, Table

SOFTWARE = Table(
    name="software",
    columns=(
        Column("host", "text", "machine, where it is installed on one"),
        Column("account", "text", "who installed it, where known"),
        Column("container", "text", "lock file, bill of materials, image or cache that names it"),
        Column("ecosystem", "text", "npm, pypi, nuget, deb, rpm, windows, macos"),
        Column("name", "text", "name of the package or product"),
        Column("version", "text", "version"),
        Column("publisher", "text", "who made it"),
        Column("path", "text", "where it lies"),
        Column("purl", "text", "package URL"),
        Column("hashes", "text", "hashes"),
        Column("state", "text", "installed, locked, fetched, listed, removed"),
    ),
)
