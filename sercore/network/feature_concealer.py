"""Concealment inside a network: what its convolutions would have heard, where packets are lost.

In the spirit of ConcealNet (Mohamed and Schuller 2020, arXiv 2005.07777): a recurrent half runs along the
features of each frame, and where sound is missing, on its own prediction of them. Sizes and objective are
ours; the paper's could not be found.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from sercore.network.card import Card
from sercore.reading import Within

_Size = Annotated[int, Within(1, 65_536)]


@dataclass(frozen=True)
class ConcealerDimensions:
    """Every size of a concealer; stored beside its weights.

    Args:
        channels: features of a frame.
        units: of the recurrent half, per direction.
        both_ways: whether it also runs backwards, and so waits for what comes after a loss.
    """

    channels: _Size = 128
    units: _Size = 64
    both_ways: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The sizes as JSON can hold them."""
        return asdict(self)


class FeatureConcealer(nn.Module):
    """Fills the frames of which packets are lost, and changes no other frame.

    Before it is trained it holds: a lost frame is the frame before it, and both ways the mean of its two
    neighbours.

    Args:
        dimensions: the sizes.

    Example:
        >>> concealer = FeatureConcealer(ConcealerDimensions(channels=1, units=2))
        >>> concealer([torch.tensor([[0.5], [0.0], [0.7]])], [torch.tensor([0.0, 1.0, 0.0])])[0].tolist()
        [[0.5], [0.5], [0.699999988079071]]
    """

    def __init__(self, dimensions: ConcealerDimensions | None = None) -> None:
        super().__init__()
        self.dimensions = dimensions or ConcealerDimensions()
        self.card = Card()
        self.mean: Tensor
        self.spread: Tensor
        self.register_buffer("mean", torch.zeros(self.dimensions.channels))
        self.register_buffer("spread", torch.ones(1))
        ways = 2 if self.dimensions.both_ways else 1
        self.chains = nn.ModuleList(_Chain(self.dimensions) for _ in range(ways))
        self.trust = nn.Linear(2 * self.dimensions.units, 1) if ways == 2 else None
        if self.trust is not None:
            nn.init.zeros_(self.trust.weight)
            nn.init.zeros_(self.trust.bias)

    def measure(self, clean: Tensor) -> None:
        """Take each feature's mean, and the spread of all, from clean ones. Shape: (frames, channels)."""
        self.mean.copy_(clean.mean(dim=0))
        self.spread.copy_(clean.var(dim=0).mean().sqrt().clamp(min=1e-6))

    def forward(self, features: Sequence[Tensor], lost: Sequence[Tensor]) -> list[Tensor]:
        """Fill each call on its own.

        Args:
            features: of what arrives; anything where nothing does. Shape of each: (frames, channels).
            lost: share of each frame that is lost. Shape of each: (frames,).

        Returns:
            Shape of each: (frames, channels). To the bit what was given where nothing of a frame is lost.
        """
        even = [(each - self.mean) / self.spread for each in features]
        filled, states = self._along(0, even, lost)
        if self.trust is not None:
            flipped = self._along(1, [each.flip(0) for each in even], [each.flip(0) for each in lost])
            back, states_back = ([each.flip(0) for each in part] for part in flipped)
            both = zip(states, states_back, strict=True)
            shares = [torch.sigmoid(self.trust(torch.cat(pair, dim=1))) for pair in both]
            filled = [torch.lerp(b, a, w) for a, b, w in zip(filled, back, shares, strict=True)]
        heard = zip(features, lost, filled, strict=True)
        return [
            torch.where(share[:, None] > 0, (each * self.spread + self.mean).relu(), given)
            for given, share, each in heard
        ]

    def _along(
        self, way: int, features: Sequence[Tensor], lost: Sequence[Tensor]
    ) -> tuple[list[Tensor], list[Tensor]]:
        """One chain along calls that are filled up at their ends, where it has passed by."""
        rows = [pad_sequence(list(each), batch_first=True) for each in (features, lost)]
        filled, states = (
            [row[: len(each)] for row, each in zip(part, features, strict=True)]
            for part in self.chains[way](*rows)
        )
        return filled, states


class _Chain(nn.Module):
    """From frame to frame in one direction: the last one, corrected by what came before."""

    def __init__(self, dimensions: ConcealerDimensions) -> None:
        super().__init__()
        self.cell = nn.GRUCell(dimensions.channels + 1, dimensions.units)
        self.correction = nn.Linear(dimensions.units, dimensions.channels)
        nn.init.zeros_(self.correction.weight)
        nn.init.zeros_(self.correction.bias)

    def forward(self, features: Tensor, lost: Tensor) -> tuple[Tensor, Tensor]:
        """Shapes: (batch, frames, channels), (batch, frames) -> (batch, frames, channels), (..., units)."""
        state = features.new_zeros(len(features), self.cell.hidden_size)
        frame = torch.zeros_like(features[:, 0])
        filled, states = [], []
        for given, share in zip(features.unbind(1), lost.unsqueeze(2).unbind(1), strict=True):
            guess = torch.lerp(given, frame, share)
            state = self.cell(torch.cat([guess, share], dim=1), state)
            frame = torch.where(share > 0, guess + self.correction(state), given)
            filled.append(frame)
            states.append(state)
        return torch.stack(filled, dim=1), torch.stack(states, dim=1)
