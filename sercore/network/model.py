"""The paper's end-to-end network (section 2.3, Figure 1), from raw speech to arousal and valence."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, cast

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_sequence, pad_sequence, unpack_sequence

from sercore.network.card import Card
from sercore.network.kernels.dropout import draw_kept
from sercore.network.pooled_conv import pooled_conv1d
from sercore.reading import Share, Within
from sercore.units import DIMENSIONS, SAMPLES_PER_FRAME

_OUTPUTS = len(DIMENSIONS)
_Size = Annotated[int, Within(1, 65_536)]
_Sizes = Annotated[tuple[_Size, ...], Within(1, 16)]  # one for each block


@dataclass(frozen=True)
class ModelDimensions:
    """Every size of the network; stored beside the weights. The defaults are the paper's.

    The paper's "64 output units" of the BiLSTM are read as 64 per direction, 265,476 parameters in all.

    Args:
        kernel_sizes: filter length of each convolution, in samples of its input.
        channels: output channels of each convolution.
        pool_sizes: max-pooling factor of each block; their product is the samples per frame.
        lstm_units: units of the BiLSTM per direction.
        dropout: rate after each convolution block and after the BiLSTM.
        outputs: numbers predicted for each frame.

    Raises:
        ValueError: if the sizes cannot make a network that gives one frame per 200 ms.

    Example:
        >>> [round(rate, 3) for rate in ModelDimensions().overlap_rates]
        [0.394, 0.394, 0.333]
    """

    kernel_sizes: _Sizes = (27, 14, 3)
    channels: _Sizes = (64, 128, 128)
    pool_sizes: _Sizes = (40, 20, 4)
    lstm_units: _Size = 64
    dropout: Share = 0.5
    outputs: _Size = _OUTPUTS

    def __post_init__(self) -> None:
        for name in ("kernel_sizes", "channels", "pool_sizes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        sizes = (*self.kernel_sizes, *self.channels, *self.pool_sizes, self.lstm_units, self.outputs)
        if any(isinstance(size, bool) or not isinstance(size, int) or size < 1 for size in sizes):
            raise ValueError(f"every size of the network must be a whole number above 0, got {self}")
        if not len(self.kernel_sizes) == len(self.channels) == len(self.pool_sizes):
            raise ValueError(f"each block needs a kernel size, channels and a pool size, got {self}")
        if math.prod(self.pool_sizes) != SAMPLES_PER_FRAME:
            raise ValueError(
                f"the pool sizes must multiply to {SAMPLES_PER_FRAME} samples, got {self.pool_sizes}"
            )
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must lie in [0, 1), got {self.dropout}")

    @property
    def overlap_rates(self) -> tuple[float, ...]:
        """(K - 1) / (K + P - 1) of each block (paper Eq. 2), advised to be near 0.4."""
        return tuple((k - 1) / (k + p - 1) for k, p in zip(self.kernel_sizes, self.pool_sizes, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """The sizes as JSON can hold them; ``ModelDimensions(**d)`` reads them back."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}


class PooledConv(nn.Module):
    """One convolution block: Conv1d that keeps the length, ReLU, max-pooling, all in one step."""

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, pool_size: int) -> None:
        super().__init__()
        plain = nn.Conv1d(in_channels, out_channels, kernel_size)  # for PyTorch's initialisation
        self.weight = plain.weight
        self.bias = cast(nn.Parameter, plain.bias)
        self.pool_size = pool_size

    def forward(self, x: Tensor, dropout: float = 0.0) -> Tensor:
        """Convolve, rectify and pool; then drop outputs, which are therefore never computed.

        Dropping scales what is kept by 1 / (1 - dropout). ReLU and maximum pass a positive factor on, so
        weight and bias carry it, and no pass over the features is needed.

        Args:
            x: features or audio. Shape: (batch, in_channels, time).
            dropout: share of the outputs that is set to 0.

        Returns:
            Shape: (batch, out_channels, time // pool_size).
        """
        if not dropout:
            return pooled_conv1d(x, self.weight, self.bias, self.pool_size)
        shape = (x.shape[0], x.shape[2] // self.pool_size, self.weight.shape[0])
        kept = draw_kept(shape, dropout, x.device).transpose(1, 2)
        scale = 1 / (1 - dropout)
        return pooled_conv1d(x, self.weight * scale, self.bias * scale, self.pool_size, kept)


class EmotionModel(nn.Module):
    """Batch norm, three convolution blocks, BiLSTM and a tanh layer: audio to (arousal, valence) at 5 Hz.

    Args:
        dimensions: the sizes; the paper's if left out.

    Example:
        >>> model = EmotionModel().eval()
        >>> sum(parameter.numel() for parameter in model.parameters())
        265476
        >>> model(torch.zeros(1, 16_000)).shape
        torch.Size([1, 5, 2])
    """

    def __init__(self, dimensions: ModelDimensions | None = None) -> None:
        super().__init__()
        self.dimensions = dimensions or ModelDimensions()
        self.card = Card()
        sizes = self.dimensions
        self.norm = nn.BatchNorm1d(1)
        inputs = (1, *sizes.channels[:-1])
        self.blocks = nn.ModuleList(
            PooledConv(*shape)
            for shape in zip(inputs, sizes.channels, sizes.kernel_sizes, sizes.pool_sizes, strict=True)
        )
        self.lstm = nn.LSTM(sizes.channels[-1], sizes.lstm_units, batch_first=True, bidirectional=True)
        self.dense = nn.Linear(2 * sizes.lstm_units, sizes.outputs)
        self.dropout = nn.Dropout(sizes.dropout)

    def forward(self, audio: Tensor) -> Tensor:
        """Follow arousal and valence through the audio.

        Args:
            audio: mono speech at 16 kHz. Shape: (batch, samples), at least one frame of 3,200 samples;
                samples after the last whole frame get no frame of their own.

        Returns:
            Arousal and valence in (-1, 1). Shape: (batch, samples // 3200, 2).

        Raises:
            ValueError: if the shape is another one or the audio is shorter than one frame.
        """
        return self.decode(self.features(audio))

    def features(self, audio: Tensor) -> Tensor:
        """The convolutional half. Shape: (batch, samples) -> (batch, frames, channels)."""
        if audio.ndim != 2:
            raise ValueError(f"audio must have the shape (batch, samples), got {tuple(audio.shape)}")
        if audio.shape[1] < SAMPLES_PER_FRAME:
            raise ValueError(
                f"audio must hold at least one frame of {SAMPLES_PER_FRAME} samples, got {audio.shape[1]}"
            )
        x = self.norm(audio.unsqueeze(1))
        rate = self.dimensions.dropout if self.training else 0.0
        for block in self.blocks:
            x = block(x, rate)
        features: Tensor = x.transpose(1, 2)
        return features

    def decode(self, features: Tensor) -> Tensor:
        """The recurrent half. Shape: (batch, frames, channels) -> (batch, frames, 2)."""
        context, _ = self.lstm(features)
        return self._read_out(context)

    def decode_each(self, features: Sequence[Tensor]) -> list[Tensor]:
        """What ``decode`` gives for each recording alone, of different lengths, in one pass.

        Shape of each: (frames, channels) -> (frames, 2), at least one frame.
        """
        if features[0].is_cuda:
            packed, _ = self.lstm(pack_sequence(list(features), enforce_sorted=False))
            return unpack_sequence(packed._replace(data=self._read_out(packed.data)))
        # A processor is twice as fast on rows filled up at their ends, where each direction has passed by.
        ahead = self._in_one_direction(features, "l0")
        back = self._in_one_direction([each.flip(0) for each in features], "l0_reverse")
        both = [torch.cat([one, other.flip(0)], dim=1) for one, other in zip(ahead, back, strict=True)]
        return list(torch.split(self._read_out(torch.cat(both)), [len(each) for each in features]))

    def _in_one_direction(self, features: Sequence[Tensor], suffix: str) -> list[Tensor]:
        """Half of the BiLSTM. Shape of each: (frames, channels) -> (frames, units)."""
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        weights = [getattr(self.lstm, f"{name}_{suffix}") for name in names]
        begin = features[0].new_zeros(1, len(features), self.lstm.hidden_size)
        rows = pad_sequence(list(features), batch_first=True)
        context = torch.lstm(rows, (begin, begin), weights, True, 1, 0.0, False, False, True)[0]
        return [row[: len(each)] for row, each in zip(context, features, strict=True)]

    def _read_out(self, context: Tensor) -> Tensor:
        predicted: Tensor = torch.tanh(self.dense(self.dropout(context)))
        return predicted

    @property
    def level(self) -> float:
        """Root mean square of the audio that the batch norm met in training; 0.1 where it keeps none."""
        variance = self.norm.running_var
        return 0.1 if variance is None else float(variance.sqrt())
