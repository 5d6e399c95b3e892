"""A virtual screen with the real window on it, and the hands that use it."""

import contextlib
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
WIDTH, HEIGHT = 1366, 768


class Screen:
    """An Xvfb screen with a window manager; `env` leads programs to it."""

    def __init__(self, home: Path):
        self.home = home
        self.opened = home / "opened.txt"
        self._stack = contextlib.ExitStack()
        self.env = dict(os.environ)
        self.env.pop("QT_QPA_PLATFORM", None)

    def __enter__(self):
        reading, writing = os.pipe()
        server = [
            "Xvfb",
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            f"{WIDTH}x{HEIGHT}x24",
            "-nolisten",
            "tcp",
            "-fbdir",
            str(self.home),
        ]
        self._run(server, pass_fds=[writing])
        os.close(writing)
        with os.fdopen(reading) as stream:
            self.env["DISPLAY"] = f":{stream.readline().strip()}"
        self._spy_on_opening()
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            self.env[name] = str(self.home / name)
        self.env["LANG"] = "zh_CN.UTF-8"
        self._run(["openbox"])
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.picture(self.home / "failed.png")
        self._stack.close()

    def start(self, project: Path) -> subprocess.Popen:
        """Start the program on a project, filling the screen."""
        return self._run([sys.executable, str(ROOT / "app.py"), str(project)])

    def do(self, *words: object) -> str:
        """Let xdotool do something."""
        return subprocess.run(
            ["xdotool", *map(str, words)],
            env=self.env,
            check=True,
            capture_output=True,
            text=True,
            timeout=30,
        ).stdout

    def windows(self, name: str) -> list[str]:
        """Return the visible windows whose title contains a name."""
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", name],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=30,
        )
        return found.stdout.split()

    def keys(self, *names: str) -> None:
        """Press keys, one after the other."""
        for name in names:
            self.do("key", "--clearmodifiers", name)
            time.sleep(0.15)

    def type(self, words: str) -> None:
        """Type ASCII text."""
        self.do("type", "--delay", 20, words)
        time.sleep(0.2)

    def click(self, x: int, y: int) -> None:
        """Click on the screen."""
        self.do("mousemove", x, y)
        time.sleep(0.1)
        self.do("click", 1)
        time.sleep(0.25)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press, move in steps, release."""
        self.do("mousemove", *start)
        time.sleep(0.1)
        self.do("mousedown", 1)
        for step in range(1, 9):
            x = start[0] + (end[0] - start[0]) * step // 8
            y = start[1] + (end[1] - start[1]) * step // 8
            self.do("mousemove", x, y)
            time.sleep(0.03)
        self.do("mouseup", 1)
        time.sleep(0.3)

    def count(self, color: str, box: tuple[int, int, int, int]) -> int:
        """Count the pixels of a colour in a part of the screen (x, y, width, height)."""
        x, y, width, height = box
        wanted = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
        return int((self.pixels()[y : y + height, x : x + width] == wanted).all(axis=2).sum())

    def picture(self, path: Path) -> None:
        """Save what the screen shows."""
        Image.fromarray(self.pixels()).save(path)

    def pixels(self) -> np.ndarray:
        """Return the screen as red, green and blue, from the file in which Xvfb keeps it (XWD)."""
        data = (self.home / "Xvfb_screen0").read_bytes()
        head = struct.unpack(">25I", data[:100])
        start, line = head[0] + head[19] * 12, head[12]
        rows = np.frombuffer(data, np.uint8, HEIGHT * line, start).reshape(HEIGHT, line)
        return rows[:, : WIDTH * 4].reshape(HEIGHT, WIDTH, 4)[:, :, 2::-1]

    def _spy_on_opening(self) -> None:
        """Note what is handed to the desktop instead of starting a browser."""
        folder = self.home / "bin"
        folder.mkdir()
        spy = folder / "xdg-open"
        spy.write_text(f'#!/bin/sh\necho "$1" >> "{self.opened}"\n', "utf-8")
        spy.chmod(0o755)
        self.env["PATH"] = f"{folder}:{self.env['PATH']}"

    def _run(self, command, **more) -> subprocess.Popen:
        process = subprocess.Popen(
            command, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more
        )
        self._stack.callback(_end, process)
        return process


def _end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until(what, seconds: float = 20.0):
    """Wait until something is the case, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.15)
    return found
