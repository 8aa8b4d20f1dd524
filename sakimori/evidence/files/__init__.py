"""Files of the evidence themselves: what each is, its hashes, and what its content says of itself."""
