"""DWG drawings: through the ODA File Converter where it is installed. Runs in the child process only."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from gis.exchange.dxf.looks import is_dwg
from layers.errors import BadInputError
from layers.text import Text

_VERSION: Final = "R2018"
_NONE: Final = Text(
    "{file} 是 DWG 图纸，不能直接读取。", "{file} is a DWG drawing and cannot be read as it is."
)
_WAY_ON: Final = Text(
    "在 AutoCAD、中望或浩辰 CAD 中打开，另存为“AutoCAD 2010 DXF”再导入。"
    "也可安装免费的 ODA File Converter，之后可直接导入 DWG。",
    "Open it in CAD, save it as “AutoCAD 2010 DXF” and import that; or install the free ODA File Converter, "
    "after which DWG files can be imported directly.",
)
_FAILED: Final = Text(
    "ODA File Converter 不能转换 {file}：{why}", "The ODA File Converter cannot convert {file}: {why}"
)
_BY_HAND: Final = Text(
    "请在 CAD 中另存为“AutoCAD 2010 DXF”再导入。", "Save it in CAD as “AutoCAD 2010 DXF” and import that."
)


@contextmanager
def as_dxf(path: Path) -> Iterator[Path]:
    """Give a drawing as DXF: the file itself, or for DWG what the ODA File Converter makes of it.

    Raises
    ------
    BadInputError
        For a DWG, if the converter is not installed or fails; with the way on.
    """
    if not is_dwg(path):
        yield path
        return
    odafc: Any = import_module("ezdxf.addons.odafc")
    if not odafc.is_installed():
        raise BadInputError(_NONE.format(file=path.name), _WAY_ON, code="import.dwg")
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        # Under a plain name: not every version of the converter copes with others.
        source, target = Path(folder, "drawing.dwg"), Path(folder, "drawing.dxf")
        shutil.copyfile(path, source)
        try:
            odafc.convert(source, target, version=_VERSION)
        except (odafc.ODAFCError, OSError) as error:
            raise _failed(path, str(error)) from None
        if not target.exists():
            raise _failed(path, "–")
        yield target


def _failed(path: Path, why: str) -> BadInputError:
    words = _FAILED.format(file=path.name, why=" ".join(why.split())[:160])
    return BadInputError(words, _BY_HAND, code="import.dwg")
