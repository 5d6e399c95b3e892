"""Every map tool by its id.

The ids are the contract with menus, shortcuts and ``session.tool_requested``:
``select``, ``pan``, ``identify``, ``measure-length``, ``measure-area``,
``draw-point``, ``draw-line``, ``draw-polygon``, ``draw-rectangle``,
``edit-vertices``, ``add-drainage-spot``, ``add-traffic-spot``, and those of
``ui.acts.design``.
"""

from __future__ import annotations

from typing import Final

from ui.tools.add_spot import AddDrainageSpotTool, AddTrafficSpotTool
from ui.tools.adjusting import OffsetTool, SimplifyTool
from ui.tools.arraying import ArrayGridTool, ArrayLineTool, ArrayPolarTool
from ui.tools.band import BandTool
from ui.tools.construct_tools import (
    BuildingSlabTool,
    DimensionTool,
    DrawArcTool,
    DrawCircleTool,
    DrawRectangle3Tool,
    ParkingRowTool,
    TextTool,
)
from ui.tools.cutting import HoleTool, ReshapeTool, SplitTool
from ui.tools.dimension_tools import AreaLabelTool, LeaderTool, RadiusTool
from ui.tools.draw_line import DrawLineTool
from ui.tools.draw_point import DrawPointTool
from ui.tools.draw_polygon import DrawPolygonTool
from ui.tools.draw_rectangle import DrawRectangleTool
from ui.tools.edging import ExtendTool, FilletTool, TrimTool
from ui.tools.edit_vertices import EditVerticesTool
from ui.tools.identify import IdentifyTool
from ui.tools.measure_area import MeasureAreaTool
from ui.tools.measure_length import MeasureLengthTool
from ui.tools.pan import PanTool
from ui.tools.select import SelectTool
from ui.tools.tool import Tool
from ui.tools.transform_tools import CopyTool, MirrorTool, MoveTool, RotateTool, ScaleTool

TOOLS: Final[dict[str, type[Tool]]] = {
    tool.id: tool
    for tool in (
        SelectTool,
        PanTool,
        IdentifyTool,
        MeasureLengthTool,
        MeasureAreaTool,
        DrawPointTool,
        DrawLineTool,
        DrawPolygonTool,
        DrawRectangleTool,
        EditVerticesTool,
        DrawRectangle3Tool,
        DrawCircleTool,
        DrawArcTool,
        ParkingRowTool,
        BuildingSlabTool,
        TextTool,
        DimensionTool,
        RadiusTool,
        AreaLabelTool,
        LeaderTool,
        BandTool,
        ArrayLineTool,
        ArrayGridTool,
        ArrayPolarTool,
        MoveTool,
        CopyTool,
        RotateTool,
        ScaleTool,
        MirrorTool,
        OffsetTool,
        SplitTool,
        HoleTool,
        SimplifyTool,
        ReshapeTool,
        TrimTool,
        ExtendTool,
        FilletTool,
        AddDrainageSpotTool,
        AddTrafficSpotTool,
    )
}
"""In the order of a toolbar. Each class has `title` and `hint` in both languages."""
