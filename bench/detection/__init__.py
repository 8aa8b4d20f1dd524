"""How well hunts find an intrusion and stay quiet otherwise: runs, measures, tables. See README.md."""
