"""A device was plugged in.

OCSF: Device Config State Change (5019), https://schema.ocsf.io/classes/device_config_state_change
"""

from sakimori.tables.table import Column, Table

USB_DEVICE = Table(
    name="usb_device",
    columns=(
        Column("host", "text", "where"),
        Column("account", "text", "who was signed in"),
        Column("vendor_id", "text", "four hexadecimal digits"),
        Column("product_id", "text", "four hexadecimal digits"),
        Column("vendor", "text", "maker it names"),
        Column("product", "text", "product it names"),
        Column("serial", "text", "serial number it names"),
        Column("kind", "text", "class of the device"),
        Column("action", "text", "attach, detach, present"),
    ),
)
