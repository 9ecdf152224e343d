"""The booth measured against its targets, and what it is measured beside."""
