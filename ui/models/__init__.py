"""What lists and tables show, derived from snapshots; no widgets."""
