"""Event logs: readers, the store, lenses, the process map (no Django)."""
