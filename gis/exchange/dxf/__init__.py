"""CAD drawings: DXF in and out.

Here belongs what turns a drawing into features of several layers and back.
ezdxf is imported late and only in the child process and the writer; nothing
here writes to the project or knows what is on a screen.
"""
