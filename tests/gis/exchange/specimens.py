"""Good little files of every format that comes in, as various programs write them."""

from __future__ import annotations

import shutil
import warnings
import zipfile
from pathlib import Path
from typing import Final

from gis.exchange.export import export
from gis.exchange.folder_export import export_folder
from layers.feature import Feature
from tests.gis.exchange.conftest import plan
from tests.gis.raster.pictures import NORTH, WEST, quarters, write

DATA: Final = Path(__file__).parents[2] / "data"
TEXT_CELLS: Final = '楼号\t总层数\t备注\r\n1号楼\t6\t砖混\r\n2号楼\t5\t"两行\n文字"\r\n'
PAGE: Final = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style>td{a:b}</style></head>
<body>
<table><tr><th colspan=3>金茵小区房屋台账</th></tr><tr><td>楼号</td><td>总层数</td><td>备注</td></tr>
<tr><td rowspan=2>1号楼</td><td x:num="6">6层</td><td>砖混&amp;框架&nbsp;</td></tr>
<tr><td>007</td><td>二单元<br>
漏水</td></tr><tr><td>2号楼<td>5.5<td>未闭合
<tr><td>3号楼</td><td>6</td><td><b>粗</b></td></tr></table></body></html>"""
PACKED: Final = """MIME-Version: 1.0
Content-Type: multipart/related; boundary="x"

--x
Content-Transfer-Encoding: quoted-printable
Content-Type: text/html; charset="utf-8"

<table><tr><td>=E6=A5=BC=E5=8F=B7</td><td>=E5=B1=82</td></tr><tr><td>1=E5=8F=B7</td><td>6</td></tr></table>
--x--
"""
XML_BOOK: Final = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="楼栋"><Table>
<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">楼栋表</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">楼号</Data></Cell><Cell><Data ss:Type="String">总层数</Data></Cell>
<Cell><Data ss:Type="String">竣工年份</Data></Cell></Row>
<Row ss:Index="4"><Cell ss:MergeDown="1"><Data ss:Type="String">1号楼</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="Number">1998</Data></Cell></Row>
<Row><Cell ss:Index="2"><Data ss:Type="Number">5</Data></Cell></Row>
<Row><Cell><Data ss:Type="DateTime">2026-03-02T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="Number">6</Data></Cell></Row></Table></Worksheet></Workbook>"""
FLAT: Final = """<?xml version="1.0"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet>
<table:table table:name="楼"><table:table-row>
<table:table-cell office:value-type="string"><text:p>楼号</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>总层数</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="3">
<table:table-cell office:value-type="string" table:number-columns-spanned="1"><text:p>1号楼</text:p>
</table:table-cell><table:table-cell office:value-type="float" office:value="6"><text:p>6层</text:p>
</table:table-cell><table:table-cell table:number-columns-repeated="1000"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document>"""


def specimens(folder: Path) -> dict[str, Path]:
    """Write one good file a format and return them by name; a shapefile stands for its set."""
    import geopandas as gpd
    from shapely import box, transform

    boxes = [box(616600 + 30 * i, 4078000, 616620 + 30 * i, 4078012) for i in range(6)]
    houses = [
        Feature(f"{i:032x}", shape, {"number": f"{i}号楼", "floors": 6, "name": "住宅"})
        for i, shape in enumerate(boxes)
    ]
    export_folder(
        plan(building=houses), folder, ["gpkg", "dxf", "dxf-gbk", "shp", "shp-gbk", "geojson", "kml", "xlsx"]
    )
    made = {path.parent.name: next(iter(path.parent.glob(f"*{path.suffix}"))) for path in _mains(folder)}
    frame = gpd.GeoDataFrame(
        {"楼号": [f"{i}" for i in range(6)], "f": range(6)}, geometry=boxes, crs="EPSG:4548"
    )
    for name, file, driver in (
        ("fgb", "a.fgb", "FlatGeobuf"), ("gml", "a.gml", "GML"),
        ("tab", "t.tab", "MapInfo File"), ("mif", "b.mif", "MapInfo File"),
    ):  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # GML gives Chinese columns other names
            frame.to_file(folder / file, driver=driver)
        made[name] = folder / file
    degrees = gpd.GeoSeries([transform(b, lambda xy: xy) for b in boxes], crs="EPSG:4548").to_crs(4326)
    rows = [f"{i},{p.centroid.x:.8f},{p.centroid.y:.8f}" for i, p in enumerate(degrees)]
    (folder / "a.csv").write_bytes(("楼号,经度,纬度\r\n" + "\r\n".join(rows)).encode("gb18030"))
    made["csv"] = folder / "a.csv"
    points = [f"{i},,{b.centroid.x + 40_000_000:.3f},{b.centroid.y:.3f},32.1" for i, b in enumerate(boxes)]
    (folder / "survey.dat").write_text("\n".join(points), "ascii")
    made["dat"] = folder / "survey.dat"
    points = [Feature("f" * 32, boxes[0].centroid, {"code": "D01", "title": "积水"})]
    export(plan(drainage_spot=points), folder / "a.gpx")
    made["gpx"] = folder / "a.gpx"
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(made["geojson"], "a.geojson")
    made["zip"] = folder / "a.zip"
    return made | _further(folder, made) | _sheets(folder) | _clipboards(folder) | _pictures(folder)


def _further(folder: Path, made: dict[str, Path]) -> dict[str, Path]:
    """Write what other programs make of the same: packed KML, a binary drawing, a photo, an old workbook."""
    import ezdxf
    from PIL import Image

    with zipfile.ZipFile(folder / "a.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(made["kml"], "doc.kml")
    ezdxf.readfile(made["dxf"]).saveas(folder / "binary.dxf", fmt="bin")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8769] = {0x9003: "2026:07:25 08:10:00"}
    exif[0x8825] = {1: "N", 2: (36.0, 49.0, 33.6), 3: "E", 4: (118.0, 18.0, 27.0), 17: 90.0}
    Image.new("RGB", (64, 48), "grey").save(folder / "a.jpg", exif=exif)
    shutil.copyfile(DATA / "exchange" / "roster.xls", folder / "old.xls")
    shutil.copyfile(DATA / "exchange" / "libreoffice.ods", folder / "libre.ods")
    names = {
        "ods": "libre.ods",
        "kmz": "a.kmz",
        "dxf-binary": "binary.dxf",
        "photo": "a.jpg",
        "xls": "old.xls",
    }
    return {name: folder / file for name, file in names.items()}


def _sheets(folder: Path) -> dict[str, Path]:
    """Write what calls itself a workbook and is a page, a packed page, XML, or of another office program."""
    folder.joinpath("page.xls").write_bytes(PAGE.encode("gb18030"))
    folder.joinpath("packed.xls").write_text(PACKED, "ascii")
    folder.joinpath("xml.xls").write_text(XML_BOOK, "utf-8")
    folder.joinpath("flat.fods").write_text(FLAT, "utf-8")
    shutil.copyfile(DATA / "exchange" / "roster.xls", folder / "wps.et")
    names = {
        "html-xls": "page.xls",
        "mhtml-xls": "packed.xls",
        "xml-xls": "xml.xls",
        "fods": "flat.fods",
        "et": "wps.et",
    }
    return {name: folder / file for name, file in names.items()}


def _clipboards(folder: Path) -> dict[str, Path]:
    """Write the three forms in which a spreadsheet puts cells into the clipboard."""
    forms = {"text": TEXT_CELLS, "page": PAGE, "sheet": XML_BOOK}
    for form, content in forms.items():
        folder.joinpath(f"cells.{form}").write_text(content, "utf-8")
    return {f"pasted-{form}": folder / f"cells.{form}" for form in forms}


def _pictures(folder: Path) -> dict[str, Path]:
    """Write a picture that says where it lies, and one with its place in a world file."""
    write(folder / "geo.tif", quarters(), tiled=True, blockxsize=16, blockysize=16)
    write(folder / "scan.png", quarters(), driver="PNG", place=False, crs=None)
    folder.joinpath("scan.pgw").write_text(f"1.0\n0.0\n0.0\n-1.0\n{WEST + 0.5}\n{NORTH - 0.5}\n", "ascii")
    return {"geotiff": folder / "geo.tif", "world-file": folder / "scan.png"}


def _mains(folder: Path) -> list[Path]:
    ends = (".gpkg", ".dxf", ".shp", ".geojson", ".kml", ".xlsx")
    return [path for path in sorted(folder.rglob("*")) if path.suffix in ends]
