"""What the acts of the window do, a module for each menu; the acts themselves lie in `ui.acts`."""
