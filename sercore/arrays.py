"""Arrays as they come in, and what of them is no array."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray


def unmasked(values: ArrayLike, what: str, dtype: DTypeLike | None = np.float64) -> NDArray[Any]:
    """The values as an array; a masked array only if nothing of it is masked.

    Raises:
        ValueError: if something is: as an array it would be whatever lies under the mask.

    Example:
        >>> unmasked([1, 2], "gold")
        array([1., 2.])
        >>> unmasked(np.ma.masked_less([-99, 0.5], -1), "gold")
        Traceback (most recent call last):
        ValueError: gold must not be masked, got 1 masked values: leave them out everywhere
    """
    parts = values if isinstance(values, list | tuple) else [values]
    if masked := sum(int(np.ma.getmaskarray(part).sum()) for part in parts if np.ma.isMaskedArray(part)):
        raise ValueError(
            f"{what} must not be masked, got {masked:,} masked values: leave them out everywhere"
        )
    return np.asarray(values, dtype=dtype)
