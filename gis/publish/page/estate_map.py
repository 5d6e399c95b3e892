"""The folium map that a page is.

Stock folium runs what it is given as a template, twice, on the machine that
exports. So nothing of a project ever reaches a template here: the three
templates below are constants, everything else is a `Literal` whose text is
passed through as a value, and `rendered` refuses a tree in which anything
else turns up.
"""

from __future__ import annotations

from typing import Any, Final

import folium
from branca.element import Element, Figure
from jinja2 import Template

from layers.errors import PublishError
from layers.text import Text

MAP_DIV: Final = '<div id="map" class="folium-map" tabindex="0"></div>'

_PAGE: Final = (
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>{{ this.header.render() }}</head>\n'
    "<body>{{ this.html.render() }}{{ this.script.render() }}</body>\n</html>\n"
)

_CHILDREN: Final = "{% for name, element in this._children.items() %}{{ element.render() }}{% endfor %}"


class Literal(Element):
    """Text that stands in the page exactly as given; it is never compiled."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Literal"
        self.text = text

    def render(self, **_: Any) -> str:
        """Return the text."""
        return self.text


class EstateMap(folium.Map):
    """A map without tiles, without files from elsewhere, and with a page of its own.

    Parameters
    ----------
    head, before, after : str
        Finished HTML: the head, and what stands before and after the map.
    """

    # Lists of its own: folium's are shared by every map of the process.
    default_js: list[tuple[str, str]] = []  # noqa: RUF012
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template("{% macro html(this, kwargs) %}" + MAP_DIV + "{% endmacro %}")

    def __init__(self, head: str, before: str, after: str) -> None:
        super().__init__(location=(0.0, 0.0), tiles=None, crs="Simple")
        self.figure = Figure()
        self._parts = (self.figure.header, self.figure.html, self.figure.script)
        for part, text in zip(self._parts, (head, before, after), strict=True):
            part._children.clear()
            part._template = Template(_CHILDREN)
            part.add_child(Literal(text), name="literal")
        self.figure._template = Template(_PAGE)
        self.figure.add_child(self)

    def rendered(self) -> str:
        """Return the page.

        Raises
        ------
        PublishError
            If anything but a literal or the constant map element got into the tree.
        """
        page: str = self.figure.render()
        for part in self._parts:
            for child in part._children.values():
                if not isinstance(child, Literal) and child._template_str != MAP_DIV:
                    raise PublishError(
                        Text(
                            "网页中混入了模板内容，未生成网页。",
                            "A template got into the page; no page was made.",
                        ),
                        code="publish.template",
                    )
        return page
