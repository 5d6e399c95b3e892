"""Forms for acts that need several answers before they can begin."""
