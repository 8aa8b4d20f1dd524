"""Money moved, or was said to move, at one stage of its way.

Stages: `requested` somebody asked for it; `approved` a person or a policy released it; `booked` the ledger
has it; `sent` it left the house as a message; `authorised` the switch answered a terminal with yes; `posted`
the core debited the account of the card; `withdrawn` it left a wallet; `received` it came in; `reversed` it
was taken back.

OCSF: no class of its own; names of ISO 20022, https://www.iso20022.org/iso-20022-message-definitions
"""

from sakimori.tables.table import Column, Table

PAYMENT = Table(
    name="payment",
    columns=(
        Column(
            "stage",
            "text",
            "where on its way: requested, approved, booked, sent, authorised, posted, withdrawn, received, "
            "reversed",
        ),
        Column("system", "text", "system that says so: core, swift, switch, wallet"),
        Column("reference", "text", "name by which the stages find each other"),
        Column("amount", "number", "amount"),
        Column("currency", "text", "currency or token"),
        Column("debtor", "text", "account or wallet it leaves"),
        Column("creditor", "text", "account or wallet it reaches"),
        Column("account", "text", "person who did this stage"),
        Column("channel", "text", "terminal, branch, interface"),
        Column("result", "text", "approved, declined, or the system's word"),
    ),
)
