"""An account, a group, a role or a factor was changed.

OCSF: Account Change (3001), https://schema.ocsf.io/classes/account_change
"""

from sakimori.tables.table import Column, Table

ACCOUNT_CHANGE = Table(
    name="account_change",
    columns=(
        Column("host", "text", "where, for accounts of one machine"),
        Column("provider", "text", "directory or product that holds the account"),
        Column("account", "text", "who did it"),
        Column("target", "text", "account, group or role it was done to"),
        Column(
            "action",
            "text",
            "create, delete, enable, disable, reset password, grant, enrol factor, or the log's word",
        ),
        Column("what", "text", "factor, role, group or right concerned"),
        Column("source_address", "text", "where they did it from"),
        Column("result", "text", "success or failure"),
    ),
)
