"""The folium map that a page is.

Stock folium runs what it is given as a template, twice, on the machine that
exports. So nothing of a project ever reaches a template here: the two
templates below are constants, everything else is a `Literal` whose text is
passed through as a value, and `rendered` refuses a tree in which anything
else turns up.
"""

from __future__ import annotations

from typing import Any, Final

import folium
from branca.element import Element, Figure, Template

_MAP_DIV: Final = '<div id="map" class="folium-map" tabindex="0"></div>'

_PAGE: Final = (
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>{{ this.header.render() }}</head>\n'
    "<body>{{ this.html.render() }}{{ this.script.render() }}</body>\n</html>\n"
)

_CHILDREN: Final = "{% for name, element in this._children.items() %}{{ element.render() }}{% endfor %}"


class Literal(Element):  # type: ignore[misc]
    """Text that stands in the page exactly as given; it is never compiled."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Literal"
        self.text = text

    def render(self, **_: Any) -> str:
        """Return the text."""
        return self.text


class EstateMap(folium.Map):  # type: ignore[misc]
    """A map without tiles, without files from elsewhere, and with a page of its own.

    Parameters
    ----------
    head, before, after : str
        Finished HTML: the head, and what stands before and after the map.
    """

    default_js: Final = ()  # type: ignore[misc]
    default_css: Final = ()  # type: ignore[misc]
    _template = Template("{% macro html(this, kwargs) %}" + _MAP_DIV + "{% endmacro %}")

    def __init__(self, head: str, before: str, after: str) -> None:
        super().__init__(location=(0.0, 0.0), tiles=None, crs="Simple")
        figure = Figure()
        for part, text in ((figure.header, head), (figure.html, before), (figure.script, after)):
            part._children.clear()
            part._template = Template(_CHILDREN)
            part.add_child(Literal(text), name="literal")
        figure._template = Template(_PAGE)
        figure.add_child(self)

    def rendered(self) -> str:
        """Return the page.

        Raises
        ------
        AssertionError
            If anything but a literal or the constant map element got into the tree.
        """
        figure = self.get_root()
        page: str = figure.render()
        for part in (figure.header, figure.html, figure.script):
            for child in part._children.values():
                if not isinstance(child, Literal) and child._template_str != _MAP_DIV:
                    raise AssertionError("something other than the map was compiled as a template")
        return page
