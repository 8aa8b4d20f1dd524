"""One record says what a machine is and whose.

OCSF: Device Inventory Info (5001), https://schema.ocsf.io/classes/inventory_info
"""

from sakimori.tables.table import Column, Table

DEVICE = Table(
    name="device",
    columns=(
        Column("host", "text", "name of the machine"),
        Column("device_id", "text", "id its management gives it"),
        Column("account", "text", "who it belongs to or uses it"),
        Column("system", "text", "operating system and version"),
        Column("serial", "text", "serial number"),
        Column("address", "text", "address it had"),
        Column("mac", "text", "hardware address"),
        Column("managed", "text", "true or false"),
        Column("kind", "text", "workstation, server, phone, in the record's word"),
    ),
)
