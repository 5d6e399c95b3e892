"""Pure edits: a snapshot and parameters in, a ChangeSet out.

An edit knows nothing of undo, mouse or files. It raises `RefusedError` with
a reason when it would break a rule.
"""
