"""How an identity looks that Planboard gave, wherever it comes back from."""


def is_uid(text: str) -> bool:
    """Tell whether a text is a feature's id.

    Examples
    --------
    >>> is_uid("a" * 32), is_uid("building.12")
    (True, False)
    """
    return len(text) == 32 and all(c in "0123456789abcdef" for c in text)
