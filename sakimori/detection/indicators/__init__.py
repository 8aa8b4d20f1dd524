"""What others have seen of an intruder: kept with its source, age and licence, looked for in the tables."""
