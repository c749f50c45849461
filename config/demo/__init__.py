"""The demo enterprise, told by calling services with fixed dates."""
