"""The network as its plain modules say it: the yardstick of scripts/bench.py."""

from typing import cast

from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from sercore.network.model import EmotionModel, PooledConv


class PlainModel(EmotionModel):
    """The same network and weights with Conv1d, ReLU and MaxPool1d one after the other.

    Example:
        >>> import torch
        >>> PlainModel()(torch.zeros(1, 6_400)).shape
        torch.Size([1, 2, 2])
    """

    def features(self, audio: Tensor) -> Tensor:
        """The convolutional half. Shape: (batch, samples) -> (batch, frames, channels)."""
        x = self.norm(audio.unsqueeze(1))
        for block in self.blocks:
            fused = cast(PooledConv, block)
            kernel = fused.weight.shape[2]
            padded = F.pad(x, ((kernel - 1) // 2, kernel // 2))
            dense = F.relu(F.conv1d(padded, fused.weight, fused.bias))
            x = self.dropout(F.max_pool1d(dense, fused.pool_size))
        features: Tensor = x.transpose(1, 2)
        return features
