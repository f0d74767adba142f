"""A channel and a receiver as an augmentation, for other people's trainers."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sercore.arrays import unmasked
from sercore.channel import LossModel, channel_key, channel_of
from sercore.receiver.any_rate import packet_bounds, receive
from sercore.receiver.receiver import Receiver
from sercore.receiver.registry import receiver_named
from sercore.receiver.silence import Silence

Channels = LossModel | str | Sequence[LossModel | str] | Callable[[np.random.Generator], LossModel | None]


class PacketLoss:
    """Loses packets of any sound, as a call would, and puts in their place what a receiver would.

    Called as the transforms of audiomentations are, so it stands in their ``Compose`` too. All channels of a
    sound lose the same packets; each sound of a torch batch loses its own, and gradients pass through what
    arrives. At rates other than 16 kHz what fills a hole is computed at 16 kHz and resampled.

    Args:
        channel: what loses packets: a channel, its key ("gilbert:p_n=0.98,p_l=0.5"), several of which one is
            drawn for each sound, or a function of a generator that draws one (None loses nothing), such as
            ``setting_named("multi_condition").draw``, the paper's.
        receiver: a receiver, or its name in ``RECEIVERS``.
        p: probability that a sound passes through the channel at all.
        seed: for the same losses each time. Each worker of a torch ``DataLoader`` draws its own.

    Raises:
        ValueError: if p lies outside [0, 1], or there is no such channel or receiver.

    Example:
        >>> augment = PacketLoss("gilbert:p_n=0.5,p_l=0.5", seed=1)
        >>> heard = augment(samples=np.ones(96_000, dtype=np.float32), sample_rate=48_000)
        >>> heard.shape, sorted(set(heard.tolist()))
        ((96000,), [0.0, 1.0])
    """

    def __init__(
        self,
        channel: Channels,
        receiver: str | Receiver = Silence.NAME,
        *,
        p: float = 1.0,
        seed: int | None = None,
    ) -> None:
        if not 0 <= p <= 1:
            raise ValueError(f"p must lie in [0, 1], got {p}")
        self.channel, self.p, self.seed = channel, p, seed
        self.receiver = receiver_named(receiver) if isinstance(receiver, str) else receiver
        self.parameters: dict[str, Any] = {}
        self._draw = _drawing(channel)
        self._rng, self._worker = np.random.default_rng(seed), None
        self._frozen = False

    def __call__(self, samples: Any, sample_rate: float) -> Any:
        """What is heard of one sound, or of a batch of them.

        Args:
            samples: floats: a NumPy array (samples,) or (channels, samples), or a torch tensor (samples,),
                (batch, samples) or (batch, channels, samples) on any device.
            sample_rate: in Hz.

        Returns:
            An array of the same kind and shape; with fewer samples if the receiver cuts out what is lost.

        Raises:
            ValueError: if the shape is another one, the numbers are not floating-point, or the receiver would
                leave the sounds of a batch unequally long.
        """
        if hasattr(samples, "detach"):
            return self._batch(samples, sample_rate)
        samples = unmasked(samples, "the sound", None)
        _check(samples, samples.dtype.kind == "f", ("(samples,)", "(channels, samples)"))
        return self._sound(samples, sample_rate)

    def example(
        self, example: Mapping[str, Any], index: int | None = None, *, column: str = "audio"
    ) -> dict[str, Any]:
        """One example of a Hugging Face dataset: ``dataset.map(augment.example, with_indices=True)``.

        Args:
            example: its ``column`` holds ``array`` and ``sampling_rate``.
            index: its number; with it the losses depend on seed and number alone, whichever process asks.
            column: where the sound is.
        """
        sound = example[column]
        samples, rate = np.asarray(sound["array"], dtype=np.float32), sound["sampling_rate"]
        if index is not None:
            self._rng = np.random.default_rng([index, self.seed or 0])
        return {column: {"array": self._sound(samples, rate), "sampling_rate": rate}}

    def randomize_parameters(self, *_sound: Any, **_same: Any) -> None:
        """Draw whether the next sound passes, through which channel, and the seed of its losses."""
        rng = self._generator()
        applied = bool(rng.random() < self.p)
        channel = self._draw(rng) if applied else None
        seed = int(rng.integers(2**63))
        self.parameters = {"should_apply": channel is not None, "channel": channel, "seed": seed}

    def serialize_parameters(self) -> dict[str, Any]:
        """What was drawn last, as JSON can hold it."""
        channel = self.parameters.get("channel")
        return self.parameters | {"channel": channel and channel_key(channel)}

    def freeze_parameters(self) -> None:
        """Go on with what was drawn last: several sounds lose the same packets."""
        self._frozen = True

    def unfreeze_parameters(self) -> None:
        """Draw anew for each sound."""
        self._frozen = False

    def to_dict_private(self) -> dict[str, Any]:
        """What audiomentations prints of a transform."""
        return {"receiver": self.receiver.NAME, "p": self.p}

    def _sound(self, samples: Any, sample_rate: float) -> Any:
        if not (self._frozen and self.parameters):
            self.randomize_parameters()
        channel = self.parameters["channel"]
        if channel is None or samples.size == 0:
            return samples.copy()
        n_packets = len(packet_bounds(samples.shape[-1], sample_rate, channel.packet_ms)) - 1
        received = channel.sample(n_packets, np.random.default_rng(self.parameters["seed"]))
        heard = [
            receive(each, sample_rate, received, channel.packet_ms, self.receiver)
            for each in np.atleast_2d(samples)
        ]
        return np.stack(heard) if samples.ndim == 2 else heard[0]

    def _batch(self, samples: Any, sample_rate: float) -> Any:
        shapes = ("(samples,)", "(batch, samples)", "(batch, channels, samples)")
        _check(samples, samples.is_floating_point(), shapes)
        if samples.ndim > 1 and not self.receiver.KEEPS_LENGTH:
            unequal = "would leave the sounds of a batch unequally long; choose one that keeps the length"
            raise ValueError(f"the receiver {self.receiver.NAME} {unequal}")
        sounds = samples.detach().cpu()
        sounds = (sounds.float() if sounds.element_size() == 2 else sounds).numpy()  # NumPy has no bfloat16
        heard = np.stack(
            [self._sound(sound, sample_rate) for sound in (sounds if sounds.ndim > 1 else [sounds])]
        )
        filled = samples.new_tensor(heard if samples.ndim > 1 else heard[0])
        if not samples.requires_grad or not self.receiver.KEEPS_LENGTH:
            return filled
        arrived = samples.detach() == filled
        return filled + arrived * (samples - samples.detach())

    def _generator(self) -> np.random.Generator:
        """One of its own for each worker of a DataLoader: their copies of ours would all draw the same."""
        torch_data = sys.modules.get("torch.utils.data")
        worker = torch_data.get_worker_info() if torch_data else None
        if worker is not None and worker.seed != self._worker:
            self._rng, self._worker = np.random.default_rng([worker.seed, self.seed or 0]), worker.seed
        return self._rng


def _check(samples: Any, floats: bool, shapes: tuple[str, ...]) -> None:
    if not floats or not 1 <= samples.ndim <= len(shapes):
        found = f"{samples.dtype} of the shape {tuple(samples.shape)}"
        raise ValueError(f"samples must be floats of the shape {' or '.join(shapes)}, got {found}")


def _drawing(channel: Channels) -> Callable[[np.random.Generator], LossModel | None]:
    if callable(channel):
        return channel
    several = [channel] if isinstance(channel, str | LossModel) else list(channel)
    channels = [channel_of(each) if isinstance(each, str) else each for each in several]
    if not channels:
        raise ValueError("at least one channel is needed to draw from, got none")
    return lambda rng: channels[int(rng.integers(len(channels)))]
