"""Pictures and map tiles below the plan.

Belongs here: opening georeferenced pictures, reading what a view shows of them,
reduced copies, map services, their cache and their keys. Knows no Qt and no
project; GDAL sees only files that the user names, never a project.
"""
