"""Which numbers dropout keeps, drawn twenty times faster than ``torch.nn.Dropout`` draws them.

PyTorch draws a float64 for each number; on the first block of the network that takes as long as its
convolution. One byte is enough.
"""

import torch
from torch import Tensor


def draw_kept(shape: tuple[int, ...], rate: float, device: torch.device | str = "cpu") -> Tensor:
    """Each number is kept with probability 1 - ``rate``, independently (Srivastava et al. 2014).

    Chance comes from PyTorch's default generator of the device: ``torch.manual_seed`` and a restored state
    repeat it.

    Args:
        shape: of what is dropped.
        rate: probability to drop, in [0, 1]; exact to 1/65,536, and exact for multiples of 1/256.
        device: where the bytes are to be.

    Returns:
        Bytes, 1 = kept and 0 = dropped. Shape: ``shape``.

    Raises:
        ValueError: if the rate is no probability.

    Example:
        >>> _ = torch.manual_seed(0)
        >>> draw_kept((100, 100), 0.25).float().mean().round(decimals=2)
        tensor(0.7500)
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"rate must lie in [0, 1], got {rate}")
    if torch.compiler.is_compiling():  # which cannot follow one storage seen as numbers of two sizes
        return torch.rand(shape, device=device).ge(rate).view(torch.uint8)
    size = torch.Size(shape).numel()
    kind = torch.uint8 if float(rate * 256).is_integer() else torch.uint16
    eights = torch.empty(-(-size * kind.itemsize // 8), dtype=torch.int64, device=device)
    chance = eights.random_(-(2**63), None).view(kind)[:size].view(shape)
    if kind == torch.uint16:
        return (chance.to(torch.int32) >= round(rate * 65_536)).view(torch.uint8)
    return chance.ge_(round(rate * 256)) if rate < 1 else chance.zero_()
