"""The record store: Parquet segments, one file a log, published whole or not at all.

    store/
      staging/<task>/        what a worker is writing; dropped at the next start
      segments/<task>/       published by one rename: <log>.parquet ..., hits.parquet, members.json

A task is a group of members, or a range of a large one; its name is a hash of everything its content depends on,
so a task that stands published need not run again.
"""
