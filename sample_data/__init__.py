"""The fictional sample estate 金茵小区(示例), and large projects for measuring speed.

Everything here is made by script, alike on every run. Geometry, names and
numbers are invented; no real estate, street, household or person is shown.
Nothing in the program imports this package but the command that writes it.
"""
