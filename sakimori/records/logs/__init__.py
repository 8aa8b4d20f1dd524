"""The log catalogue's data: one TOML file per family of logs."""
