"""What was installed, locked or fetched, as lock files, caches, lists and bills of materials say it."""
