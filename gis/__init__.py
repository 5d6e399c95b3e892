"""The verbs of Planboard: store, edit, compare, draw, publish, exchange.

Functions take immutable snapshots and return values (a ChangeSet, a report,
bytes or files). Only `gis.project` and `gis.store` change anything. Nothing
here imports ``ui``.
"""
