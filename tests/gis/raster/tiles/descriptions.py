"""Descriptions of WMTS services, written by hand after the standard."""

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"
 xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0">
"""


def operations(url):
    return f"""<ows:OperationsMetadata>
<ows:Operation name="GetCapabilities"><ows:DCP><ows:HTTP><ows:Get xlink:href="{url}/about?"/>
</ows:HTTP></ows:DCP></ows:Operation>
<ows:Operation name="GetTile"><ows:DCP><ows:HTTP><ows:Get xlink:href="{url}/wmts?"/>
</ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>"""


def layer(name, title, sets, resource="", dimension=""):
    links = "".join(
        f"<TileMatrixSetLink><TileMatrixSet>{s}</TileMatrixSet></TileMatrixSetLink>" for s in sets
    )
    url = f'<ResourceURL format="image/png" resourceType="tile" template="{resource}"/>' if resource else ""
    return f"""<Layer><ows:Title>{title}</ows:Title><ows:Identifier>{name}</ows:Identifier>
<Style isDefault="true"><ows:Identifier>default</ows:Identifier></Style><Format>image/png</Format>{dimension}
{links}{url}</Layer>"""


def matrix_set(name, crs, corner, first_scale, levels, size=lambda n: (2**n, 2**n), first=0):
    rows = "".join(
        f"""<TileMatrix><ows:Identifier>{n}</ows:Identifier>
<ScaleDenominator>{first_scale / 2 ** (n - first)}</ScaleDenominator><TopLeftCorner>{corner}</TopLeftCorner>
<TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>{size(n)[0]}</MatrixWidth>
<MatrixHeight>{size(n)[1]}</MatrixHeight></TileMatrix>"""
        for n in range(first, first + levels)
    )
    return f"""<TileMatrixSet><ows:Identifier>{name}</ows:Identifier>
<ows:SupportedCRS>{crs}</ows:SupportedCRS>
{rows}</TileMatrixSet>"""


def geographic_set(name="c", crs="urn:ogc:def:crs:EPSG::4490", corner="90.0 -180.0"):
    scale = 360 / 256 / 2 * 6378137 * 3.141592653589793 / 180 / 0.00028
    return matrix_set(name, crs, corner, scale, 18, lambda n: (2**n, 2 ** (n - 1)), first=1)


def mercator_set(name="w"):
    return matrix_set(
        name, "urn:ogc:def:crs:EPSG::3857", "-20037508.3427892 20037508.3427892", 559082264.0287178, 19
    )


def described(url, layers, sets):
    whole = (
        HEAD + operations(url) + "<Contents>" + "".join(layers) + "".join(sets) + "</Contents></Capabilities>"
    )
    return whole.encode()
