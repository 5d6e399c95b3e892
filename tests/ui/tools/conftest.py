"""The same map for the tools."""

from tests.ui.canvas.conftest import canvas, hand, messages, project, session

__all__ = ["canvas", "hand", "messages", "project", "session"]
