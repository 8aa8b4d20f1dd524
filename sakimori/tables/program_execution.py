"""A trace says that a program ran, or was there.

OCSF: Process Activity (1007), https://schema.ocsf.io/classes/process_activity
"""

from sakimori.tables.table import Column, Table

PROGRAM_EXECUTION = Table(
    name="program_execution",
    columns=(
        Column("host", "text", "where"),
        Column("account", "text", "who ran it"),
        Column("path", "text", "path of the program, as far as the trace has it"),
        Column("name", "text", "file name of the program"),
        Column("trace", "text", "prefetch, amcache, shimcache, userassist, bam, srum, shell history"),
        Column("ran", "text", "yes, or present: some traces prove only that the file was there"),
        Column("runs", "integer", "how often"),
        Column("command_line", "text", "what was typed, where the trace has it"),
        Column("hashes", "text", "hashes of the file"),
        Column("bytes_out", "integer", "bytes it sent, where the trace counts them"),
        Column("bytes_in", "integer", "bytes it received"),
    ),
)
