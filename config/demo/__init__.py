"""The demo programme and its data."""
