"""A registry value holds more than a setting: a program, a script, encoded or enciphered data.

OCSF: Registry Value object, https://schema.ocsf.io/objects/win/reg_value
"""

from sakimori.tables.table import Column, Table

REGISTRY_VALUE = Table(
    name="registry_value",
    columns=(
        Column("host", "text", "where"),
        Column("account", "text", "whose hive, where it is a user's"),
        Column("hive", "text", "SYSTEM, SOFTWARE, NTUSER, UsrClass, Amcache, other"),
        Column("key", "text", "key from the root of the hive"),
        Column("name", "text", "name of the value"),
        Column("kind", "text", "type of the value: REG_SZ, REG_BINARY"),
        Column("bytes", "integer", "size of its data"),
        Column("entropy", "number", "bits a byte: text has 3 to 5, enciphered data almost 8"),
        Column("looks", "text", "MZ, MZ in base64, MZ in hex, script, base64, hex, random"),
    ),
)
