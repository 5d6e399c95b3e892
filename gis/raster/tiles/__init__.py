"""Map tiles from the net: services, which tiles a view needs, their cache, their fetching.

Nothing here asks the net by itself: only for a service that the user has switched on.
"""
