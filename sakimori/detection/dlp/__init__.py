"""What an organisation registers as sensitive, and where it is sighted; off unless a hunt has a register."""
