"""What concealment among a network's own features is called: as a receiver, and in names of networks."""

LEARNED = {"learned": False, "learned_both": True}
"""Each, and whether it waits for what comes after a loss."""


def learned_name(*, waits: bool) -> str:
    """The one that waits for what comes after a loss, or the one that does not.

    Example:
        >>> learned_name(waits=True)
        'learned_both'
    """
    return next(name for name, each in LEARNED.items() if each == waits)


def parts_of(network: str) -> tuple[str, str]:
    """A network's name without that of its concealment, and that; "" where it has none.

    Example:
        >>> parts_of("mismatched_learned_both"), parts_of("mismatched")
        (('mismatched', 'learned_both'), ('mismatched', ''))
    """
    found = next((name for name in LEARNED if network.endswith(f"_{name}")), "")
    return network.removesuffix(f"_{found}") if found else network, found
