"""What stands between a family and the object store, in words that an operator can act on."""

from __future__ import annotations


class StoreUnavailable(OSError):
    """The object store is away, full, or refuses: nothing was kept, and what is kept is as it was.

    An OSError, as a full disk is. The message names no object and repeats nothing that a server said.
    """
