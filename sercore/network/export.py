"""The network as ONNX or TorchScript, for those who run it without this package.

Both hold the plain layers one after the other: they compute the same, in more time and memory.
"""

import copy
import io
import json
import warnings
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from sercore.network.model import EmotionModel, PooledConv
from sercore.units import DIMENSIONS, LABEL_RATE, SAMPLE_RATE, SAMPLES_PER_FRAME

_OPSET = 17  # of 2022, so that old runtimes read it
_GATES = (0, 3, 1, 2)  # PyTorch's input, forget, cell, output are ONNX's input, output, forget, cell


class PlainNetwork(nn.Module):
    """The same weights in Conv1d, ReLU and MaxPool1d. Shape: (samples,) -> (samples // 3200, 2)."""

    def __init__(self, network: EmotionModel) -> None:
        super().__init__()
        self.norm, self.lstm, self.dense = network.norm, network.lstm, network.dense
        blocks = [cast(PooledConv, block) for block in network.blocks]
        self.weights = nn.ParameterList([block.weight for block in blocks])
        self.biases = nn.ParameterList([block.bias for block in blocks])
        self.pools = [block.pool_size for block in blocks]

    def forward(self, audio: Tensor) -> Tensor:
        """Arousal and valence of mono speech at 16 kHz."""
        x = self.norm(audio.reshape(1, 1, -1))
        for weight, bias, pool in zip(self.weights, self.biases, self.pools, strict=True):
            kernel = weight.shape[2]
            x = F.conv1d(F.pad(x, ((kernel - 1) // 2, kernel // 2)), weight, bias)
            x = F.max_pool1d(F.relu(x), pool)
        context, _ = self.lstm(x.transpose(1, 2))
        return torch.tanh(self.dense(context))[0]


def to_torchscript(network: EmotionModel) -> bytes:
    """A file for ``torch.jit.load``, which also loads in C++ and on phones."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # PyTorch would rather have its own newer format
        plain = PlainNetwork(copy.deepcopy(network)).eval().requires_grad_(False)
        traced = torch.jit.trace(plain, torch.zeros(5 * SAMPLES_PER_FRAME))  # type: ignore[no-untyped-call]
        torch.jit.save(traced, buffer, _extra_files={"about.json": json.dumps(_about(network))})
    return buffer.getvalue()


def to_onnx(network: EmotionModel) -> bytes:
    """A file for any ONNX runtime: ``audio`` (samples,) to ``emotion`` (frames, 2), all in float32.

    Raises:
        ModuleNotFoundError: if ``onnx`` is not installed.
    """
    from onnx import TensorProto, helper  # noqa: PLC0415  (an extra)

    graph = _Graph()
    x = graph.add("Reshape", "audio", graph.constant("row", np.array([1, 1, -1])))
    norm = {name: value.detach().numpy() for name, value in network.norm.state_dict().items()}
    statistics = (
        graph.constant(f"norm.{n}", norm[n]) for n in ("weight", "bias", "running_mean", "running_var")
    )
    x = graph.add("BatchNormalization", x, *statistics, epsilon=network.norm.eps)
    for i, block in enumerate(cast(PooledConv, block) for block in network.blocks):
        weight, bias = (graph.constant(f"{name}.{i}", each) for name, each in block.named_parameters())
        kernel = block.weight.shape[2]
        x = graph.add("Conv", x, weight, bias, pads=[(kernel - 1) // 2, kernel // 2])
        x = graph.add("Relu", x)
        x = graph.add("MaxPool", x, kernel_shape=[block.pool_size], strides=[block.pool_size])
    x = graph.add("Transpose", x, perm=[2, 0, 1])  # time, batch, channels
    lstm = [graph.constant(name, value) for name, value in _lstm_weights(network.lstm).items()]
    x = graph.add("LSTM", x, *lstm, hidden_size=network.lstm.hidden_size, direction="bidirectional")
    x = graph.add("Transpose", x, perm=[0, 2, 1, 3])
    x = graph.add("Reshape", x, graph.constant("both", np.array([-1, 2 * network.lstm.hidden_size])))
    x = graph.add("MatMul", x, graph.constant("dense.weight", network.dense.weight.T))
    x = graph.add("Add", x, graph.constant("dense.bias", network.dense.bias))
    graph.add("Tanh", x, output="emotion")
    put_in = helper.make_tensor_value_info("audio", TensorProto.FLOAT, ["samples"])
    put_out = helper.make_tensor_value_info(
        "emotion", TensorProto.FLOAT, ["frames", network.dense.out_features]
    )
    whole = helper.make_graph(graph.nodes, "sercore", [put_in], [put_out], graph.constants)
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=8)
    helper.set_model_props(model, {name: str(value) for name, value in _about(network).items()})
    return bytes(model.SerializeToString())


FORMATS: dict[str, Callable[[EmotionModel], bytes]] = {"onnx": to_onnx, "torchscript": to_torchscript}


class _Graph:
    """Nodes and constants of an ONNX graph, named in order."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: Any) -> str:
        from onnx import numpy_helper  # noqa: PLC0415

        array = value.detach().cpu().numpy() if isinstance(value, Tensor) else np.asarray(value)
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        from onnx import helper  # noqa: PLC0415

        output = output or f"{kind}.{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output


def _lstm_weights(lstm: nn.LSTM) -> dict[str, Any]:
    """Input weights, recurrent weights and biases of both directions, gates in ONNX's order."""

    def both(*names: str) -> Any:
        ways = [
            torch.cat([_reordered(getattr(lstm, f"{name}_l0{way}")) for name in names])
            for way in ("", "_reverse")
        ]
        return torch.stack(ways)

    return {"lstm.W": both("weight_ih"), "lstm.R": both("weight_hh"), "lstm.B": both("bias_ih", "bias_hh")}


def _reordered(gates: Tensor) -> Tensor:
    return torch.cat([gates.chunk(4)[gate] for gate in _GATES])


def _about(network: EmotionModel) -> dict[str, Any]:
    """What a runtime's user has to know, and which network it is."""
    return {
        "setting": network.card.setting_name,
        "sha256": network.card.sha256,
        "sample_rate": SAMPLE_RATE,
        "label_rate": LABEL_RATE,
        "dimensions": ",".join(DIMENSIONS),
        "scale": "-1,1",  # of tanh
        "level": network.level,
    }
