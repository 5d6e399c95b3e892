"""The project file: one GeoPackage, written by apsw alone.

Here and nowhere else is SQL. Feature tables stay ordinary, so that QGIS opens
them; ``pb_*`` tables beside them hold versions, steps, revisions and settings.
What leaves this package are values of `layers` and nothing of the database.
"""
