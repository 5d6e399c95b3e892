"""The parts of the window around the map: they build, bind and emit.

No geometry, SQL or unit arithmetic here; a panel asks ``gis`` and shows.
"""
