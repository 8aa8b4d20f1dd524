"""A process loaded a library or a driver.

OCSF: Module Activity (1005), activity Load, https://schema.ocsf.io/classes/module_activity
"""

from sakimori.tables.table import Column, Table

IMAGE_LOAD = Table(
    name="image_load",
    columns=(
        Column("host", "text", "where"),
        Column("account", "text", "who the process ran as"),
        Column("image", "text", "program that loads"),
        Column("loaded", "text", "path of what it loads"),
        Column("signed", "text", "true or false: whether it bears a signature"),
        Column("signature", "text", "who signed it"),
        Column("signature_status", "text", "Valid, Expired, Unavailable"),
        Column("hashes", "text", "hashes of what it loads"),
        Column("process_guid", "text", "name of the one process"),
    ),
)
