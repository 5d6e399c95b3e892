"""What can be done in the window, as data: the menus, tool strip, search and shortcut sheet are made of it.

What an act does lies in `ui.actions`.
"""
