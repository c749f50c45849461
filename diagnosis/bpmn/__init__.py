"""Processes as pictures and models (no Django)."""
