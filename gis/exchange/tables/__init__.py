"""Tables of the office: CSV, text and Excel, with title rows, merged cells and coordinates of any kind.

Everything here runs in the child process only. Cells are values: no formula is
computed, no link is followed.
"""
