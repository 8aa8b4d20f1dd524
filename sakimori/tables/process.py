"""A program was started.

OCSF: Process Activity (1007), activity Launch, https://schema.ocsf.io/classes/process_activity
"""

from sakimori.tables.table import Column, Table

PROCESS = Table(
    name="process",
    columns=(
        Column("host", "text", "where it started"),
        Column("account", "text", "who it runs as"),
        Column("image", "text", "path of the program"),
        Column("command_line", "text", "program and arguments as given"),
        Column("pid", "integer", "process number; reused by the system"),
        Column("parent_image", "text", "path of the program that started it"),
        Column("parent_command_line", "text", "how that one was started"),
        Column("parent_pid", "integer", "its process number"),
        Column("process_guid", "text", "name of this one process; never reused"),
        Column("parent_guid", "text", "name of the one that started it"),
        Column("original_file_name", "text", "name its maker compiled in"),
        Column("company", "text", "maker named in the file"),
        Column("hashes", "text", "hashes of the file, as the log writes them"),
        Column("current_directory", "text", "folder it started in"),
        Column("integrity", "text", "integrity level: Medium, High, System"),
        Column("session", "text", "log-on session it belongs to"),
    ),
)
