"""Reading a drawing of 50 MB against ezdxf's own load of it: ``python -m tests.bench.dxf [MB]``.

Times are of the processor, not of the clock, so that other work on the machine hardly counts. Memory is the
largest resident size that reading adds to a process which has read a tiny drawing before: of the reader (the
process that opens foreign files), of the one that asks for the drawing, of one that sorts it into layers as
well, as the window does, and of a plain ``ezdxf.readfile``.
It is held against the bytes of the file: the coordinates alone, as doubles, are about a third of them.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 2
TIME_BAR, MEMORY_BAR = 1.3, 3.0
MEMORY = """
import resource, sys; from pathlib import Path
import ezdxf
from gis.exchange.dxf.drawing import read_drawing
small, large, side = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
def peak_kb():
    if side == "reader":
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
def sorted_drawing(path):
    from gis.exchange.dxf.plan import plan_dxf_import
    from tests.gis.exchange.conftest import plan
    drawing = read_drawing(path)
    return drawing, plan_dxf_import(plan(), drawing, crs="EPSG:4548")
read = {"ezdxf": ezdxf.readfile, "sorter": sorted_drawing}.get(side, read_drawing)
read(small)
before = peak_kb()
kept = read(large)
print((peak_kb() - before) * 1024)
"""
PEER = "import sys, ezdxf; ezdxf.readfile(sys.argv[1])"


def write_drawing(path, megabytes):
    """Write outlines, lines, texts and tree blocks as a survey drawing has them, until it is large enough."""
    import ezdxf

    document = ezdxf.new("R2010")
    tree = document.blocks.new("树")
    tree.add_circle((0, 0), 2)
    space = document.modelspace()
    for i in range(int(megabytes * 1400)):
        x, y = 500_000 + (i % 400) * 20.0, 4_000_000 + (i // 400) * 20.0
        corners = [(x, y), (x + 12, y), (x + 12, y + 4), (x + 9, y + 4), (x + 9, y + 8), (x, y + 8)]
        space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "JMD"})
        space.add_text("砼6", height=2, dxfattribs={"layer": "JMD"}).set_placement((x + 4, y + 3))
        space.add_line((x, y - 2), (x + 18, y - 2.25), dxfattribs={"layer": "DLSS"})
        space.add_lwpolyline([(x, y + 9), (x + 5, y + 9.5), (x + 9, y + 11)], dxfattribs={"layer": "DGX"})
        if i % 8 == 0:
            space.add_blockref("树", (x + 15, y + 12), dxfattribs={"layer": "ZBTZ"})
    document.saveas(path)
    return path.stat().st_size / 1e6


def seconds():
    """Return the processor time of this process and of those it waited for."""
    return sum(os.times()[:4])


def memory_mb(small, large, side):
    """Return what reading the large drawing adds to the largest size of a process, in MB."""
    command = [sys.executable, "-c", MEMORY, str(small), str(large), side]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 1e6


def verdict(measured, bar):
    """Say whether a bar is met."""
    return "met" if measured <= bar else "missed"


def coordinates_mb(drawing):
    """Return how much the coordinates of a drawing take as two doubles each, in MB."""
    import shapely

    return shapely.get_num_coordinates(drawing.geometry).sum() * 16 / 1e6


def main():
    """Print the seconds of both and their ratio; rounds alternate."""
    from gis.exchange.dxf.drawing import read_drawing
    from gis.exchange.dxf.plan import plan_dxf_import
    from tests.gis.exchange.conftest import plan

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "drawing.dxf")
        size = write_drawing(path, float(sys.argv[1]) if len(sys.argv) > 1 else 50.0)
        own, sorting, peer = [], [], []
        for _ in range(ROUNDS):
            start = seconds()
            subprocess.run([sys.executable, "-c", PEER, str(path)], check=True)
            peer.append(seconds() - start)
            start = seconds()
            drawing = read_drawing(path)
            own.append(seconds() - start)
            start = seconds()
            made = plan_dxf_import(plan(), drawing, crs="EPSG:4548")
            sorting.append(seconds() - start)
        counts = made.counts
        small = Path(folder, "small.dxf")
        write_drawing(small, 0.01)
        memory = {side: memory_mb(small, path, side) for side in ("reader", "asker", "sorter", "ezdxf")}
    print(f"{size:.1f} MB, {counts.read:,} rows, {counts.features:,} features")
    print(f"ezdxf load {min(peer):.1f} s, reading {min(own):.1f} s, sorting into layers {min(sorting):.1f} s")
    ratio = min(own) / min(peer)
    print(f"ratio {ratio:.2f} (bar {TIME_BAR}: {verdict(ratio, TIME_BAR)})")
    for side, used in memory.items():
        told = "" if side == "ezdxf" else f" (bar {MEMORY_BAR}: {verdict(used / size, MEMORY_BAR)})"
        print(f"memory of {side}: {used:.0f} MB, {used / size:.1f} x the file{told}")
    numbers = coordinates_mb(drawing)
    print(f"coordinates as doubles: {numbers:.0f} MB, {numbers / size:.2f} of the file")


if __name__ == "__main__":
    main()
