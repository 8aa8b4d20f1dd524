"""An address belonged to a machine or an account for a time.

OCSF: DHCP Activity (4004), https://schema.ocsf.io/classes/dhcp_activity
"""

from sakimori.tables.table import Column, Table

ADDRESS_LEASE = Table(
    name="address_lease",
    columns=(
        Column("address", "text", "the address"),
        Column("host", "text", "machine that had it"),
        Column("account", "text", "account that had it"),
        Column("mac", "text", "hardware address"),
        Column("action", "text", "assign, renew, release, expire, or seen"),
        Column("until", "integer", "microseconds UTC when it ended, where the record says it"),
        Column("how", "text", "dhcp, vpn, sign-in, edr"),
    ),
)
