"""A network beyond the paper's: its recurrent half is told what is lost, and follows the whole timeline.

The convolutions hear what arrives; frames of which nothing arrives give no features, and time does not get
shorter for them. Beside its features each frame has the two numbers of ``sercore.receiver.told``.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from sercore.network.model import EmotionModel, ModelDimensions
from sercore.receiver.told import TOLD


class LossAwareModel(EmotionModel):
    """The paper's network, with two more inputs to its BiLSTM.

    Args:
        dimensions: the sizes, as of ``EmotionModel``.

    Example:
        >>> model = LossAwareModel().eval()
        >>> model(torch.zeros(1, 6_400), torch.tensor([[0.0, 0.0], [1.0, 0.7], [0.5, 0.0]])).shape
        torch.Size([1, 3, 2])
    """

    def __init__(self, dimensions: ModelDimensions | None = None) -> None:
        super().__init__(dimensions)
        inputs = self.dimensions.channels[-1] + len(TOLD)
        self.lstm = nn.LSTM(inputs, self.dimensions.lstm_units, batch_first=True, bidirectional=True)

    def forward(self, audio: Tensor, told: Tensor | None = None) -> Tensor:
        """Follow arousal and valence through a call, losses included.

        Args:
            audio: the frames of which something arrives (``receiver.told.left_of``). Shape: (batch, samples).
            told: of each frame of the call, which the batch shares; nothing is lost if left out.
                Shape: (frames, 2).

        Returns:
            Arousal and valence in (-1, 1). Shape: (batch, frames, 2).
        """
        features = self.features(audio)
        return self.decode(features if told is None else in_time(features, told))

    def decode(self, features: Tensor) -> Tensor:
        """As of ``EmotionModel``; features with nothing told beside them are those of a whole call."""
        return super().decode(self._whole(features))

    def decode_each(self, features: Sequence[Tensor]) -> list[Tensor]:
        """As of ``EmotionModel``, each with what is told beside it, or not."""
        return super().decode_each([self._whole(each) for each in features])

    def _whole(self, features: Tensor) -> Tensor:
        return pad(features, (0, self.lstm.input_size - features.shape[-1]))


def in_time(features: Tensor, told: Tensor) -> Tensor:
    """Features of the frames that are left, at their own time and beside what is told; zeros elsewhere.

    Shape: (..., frames left, channels), (frames, 2) -> (..., frames, channels + 2).
    """
    *batch, _, channels = features.shape
    whole = features.new_zeros(*batch, len(told), channels)
    whole[..., told[:, 0] < 1, :] = features
    return torch.cat([whole, told.expand(*batch, -1, -1)], dim=-1)
