"""Leaflet 1.9.3 out of an installed package, known by its hash."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from layers.errors import PublishError
from layers.text import Text

SCRIPT_SHA256: Final = "5819285cec137b229c94e1ee5ad73e8b6b84345a4367d60f75fe477fe0fb7b03"
STYLE_SHA256: Final = "90b693d86392a4779c861b28cf307e7e59c3fb35328c4d8b95f58f814d38c722"
"""The official build, the same in every package that carries it. Nothing else is put into a page."""

LICENCE: Final = """Leaflet 1.9.3 (BSD 2-Clause)
Copyright (c) 2010-2022, Volodymyr Agafonkin
Copyright (c) 2010-2011, CloudMade
All rights reserved.

Redistribution and use in source and binary forms, with or without modification, are permitted provided
that the following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions and the
   following disclaimer.
2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and
   the following disclaimer in the documentation and/or other materials provided with the distribution.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED
WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A
PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY
DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO,
PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION)
HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING
NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE
POSSIBILITY OF SUCH DAMAGE."""

_FOLDER: Final = Path("web", "modules", "leaflet_193")


@cache
def leaflet_script() -> str:
    """Return Leaflet's script with its notice, without the pointer to a source map."""
    return _asset("leaflet.js", SCRIPT_SHA256).replace("//# sourceMappingURL=leaflet.js.map", "").rstrip()


@cache
def leaflet_style() -> str:
    """Return Leaflet's style sheet without its pictures, which the page does not use."""
    style = _asset("leaflet.css", STYLE_SHA256)
    style = re.sub(r"[^{};]*url\([^)]*\)[^;}]*;?", "", style)
    return re.sub(r"\n[ \t]+", "\n", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)).strip()


def _asset(name: str, sha256: str) -> str:
    spec = find_spec("pyqtlet2")  # finds it without running it: running it would load a web engine
    places = list(spec.submodule_search_locations or ()) if spec else []
    data = b""
    for place in places:
        path = Path(place) / _FOLDER / name
        if path.is_file():
            data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise PublishError(
            Text(
                "地图程序 Leaflet 缺失或被改动，未生成网页。",
                "Leaflet is missing or altered; no page was made.",
            ),
            Text("请重新安装本程序的组件包。", "Install the program's packages again."),
            code="publish.leaflet",
        )
    return data.decode("utf-8").replace("\r\n", "\n")  # as the browser reads it, or its hash would differ
