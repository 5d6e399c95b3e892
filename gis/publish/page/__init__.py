"""The page: from `gis.publish.content` to the bytes of one HTML file.

What stands here sees no layer, no project and no store. It writes a folium
map of its own make, the data as one compressed block, and the script and
style of ``gis/publish/assets``.

Positions are local metres (Leaflet's ``CRS.Simple``), not longitude and
latitude: a plan of an estate is read by distances, which stay true this way;
a metre is a metre in the scale bar and in a road's width; and no absolute
coordinate, which would ask for a map approval and could be matched with other
registers, is in the file at all.
"""

from gis.publish.page.document import build_page

__all__ = ["build_page"]
