"""What each stage computes, by the number of its version: another computation needs another number.

The goldens are held by witnesses that share no code with the stages but the sampler of losses and the bytes
of dropout, which have tests of their own. Whoever changes what a stage computes raises its number in
``sercore/experiment/version.py``, teaches the witness the new computation, and writes the new golden beside
the old one.
"""

import zlib

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from sercore.channel.gilbert import Gilbert
from sercore.corpus.corpus import Corpus, Track
from sercore.experiment import version
from sercore.experiment.cells import list_jobs, run_jobs
from sercore.network.card import Card
from sercore.network.kernels.dropout import draw_kept
from sercore.network.model import EmotionModel, ModelDimensions
from sercore.recogniser.paper_network import PaperNetwork
from sercore.training.loop import train
from sercore.training.plan import TrainingPlan
from sercore.training.report import report_training
from sercore.training.settings import MATCHED
from sercore.training.state import new_state

LOSS_SEED = 4  # the worst channel begins with a loss
SIZES = ModelDimensions(channels=(4, 4, 4), lstm_units=4)
SEED, LEARNING_RATE = 3, 40.0  # so high that six steps move the scores
CHANNELS = [Gilbert(1.0, 0.0), Gilbert(0.8, 0.5), Gilbert(0.3, 0.9)]
TOLERANCE = 5e-4  # processors add up in different orders

# By version: objective, share received and draws thrown away in each epoch; size of the running average of
# the weights; CCC of the network and of that average on devel through a draw of their setting, and without
# loss on test.
TRAINED = {
    1: {
        "objective_1": 0.9473,
        "received_1": 0.2667,
        "redrawn_1": 20.0,
        "objective_2": 1.0669,
        "received_2": 0.3167,
        "redrawn_2": 9.0,
        "averaged_size": 6.9683,
        "last_arousal": -0.0392,
        "last_valence": -0.0098,
        "last_test_arousal": -0.0499,
        "last_test_valence": 0.0004,
        "averaged_arousal": -0.0714,
        "averaged_valence": -0.0062,
        "averaged_test_arousal": -0.1255,
        "averaged_test_valence": 0.0004,
    }
}
# By version: arousal's CCC on the frames that arrive and on the timeline in each of CHANNELS, and the loss.
EVALUATED = {
    1: {
        "ccc_0": 0.7486,
        "ccc_timeline_0": 0.7486,
        "loss_rate_0": 0.0,
        "ccc_1": 0.7037,
        "ccc_timeline_1": 0.6781,
        "loss_rate_1": 0.3167,
        "ccc_2": float("nan"),
        "ccc_timeline_2": 0.1165,
        "loss_rate_2": 0.8917,
    }
}


@pytest.fixture(scope="module")
def corpus():
    """Noise whose level follows arousal: two tracks of 12 s to learn, one of 24 s for devel and for test."""
    tracks = []
    for number, (partition, n) in enumerate([("train", 60), ("train", 60), ("devel", 120), ("test", 120)]):
        rng = np.random.default_rng(number)
        gold = np.sin(np.arange(n)[:, None] / rng.uniform(3, 9, 2) + rng.uniform(0, 6, 2)).astype(np.float32)
        level = np.repeat(0.1 + 0.08 * gold[:, 0], 3200)
        audio = (level * rng.normal(size=3200 * n)).astype(np.float32)
        tracks.append(Track(f"{partition}_{number}", audio, gold, str(number), "none", partition))
    return Corpus("noise", tuple(tracks))


class Plain(nn.Module):
    """The network as PyTorch's own modules say it, its weights drawn in the same order."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(1)
        self.blocks = nn.ModuleList([nn.Conv1d(1, 4, 27), nn.Conv1d(4, 4, 14), nn.Conv1d(4, 4, 3)])
        self.lstm = nn.LSTM(4, 4, batch_first=True, bidirectional=True)
        self.dense = nn.Linear(8, 2)

    def forward(self, audio):
        x = self.norm(audio[:, None])
        for block, pool in zip(self.blocks, (40, 20, 4), strict=True):
            kernel = block.weight.shape[2]
            padded = functional.pad(x, ((kernel - 1) // 2, kernel // 2))
            x = functional.max_pool1d(functional.relu(block(padded)), pool)
            if self.training:
                kept = draw_kept((x.shape[0], x.shape[2], x.shape[1]), 0.5).transpose(1, 2)
                x = x * kept / 0.5
        context = functional.dropout(self.lstm(x.transpose(1, 2))[0], 0.5, self.training)
        return torch.tanh(self.dense(context))


def plain_ccc(gold, predicted):
    """Lin 1989, of two courses."""
    gold, predicted = np.asarray(gold, float), np.asarray(predicted, float)
    both = np.cov(gold, predicted, bias=True)
    return 2 * both[0, 1] / (both[0, 0] + both[1, 1] + (gold.mean() - predicted.mean()) ** 2)


def plain_draw(rng, n_frames):
    """Frames through a drawn channel of the setting low p_N, high p_L, of which a second must arrive."""
    for redraws in range(1000):
        p_n = rng.uniform(0.05, 1 / 3)
        received = Gilbert(p_n, rng.uniform(2 / 3, 1.0)).sample(n_frames, rng)
        if received.sum() >= 5:
            return received, redraws
    raise AssertionError


def hear(model, track, received):
    """What the network says of the frames that arrive, joined. Shape: (frames, 2)."""
    audio = torch.from_numpy(track.audio.reshape(-1, 3200)[received].reshape(1, -1))
    with torch.no_grad():
        return model.eval()(audio)[0].numpy()


def scores(model, track, received):
    """CCC of arousal and of valence on the frames that arrive."""
    predicted = hear(model, track, received)
    return [plain_ccc(track.gold[received, d], predicted[:, d]) for d in range(2)]


def torch_seed(epoch):
    torch.manual_seed(int(np.random.SeedSequence([SEED, epoch]).generate_state(1)[0]))


def size(weights):
    """Root of the sum of the squares of a network's numbers."""
    numbers = [value for value in weights.values() if value.is_floating_point()]
    return float(sum(value.double().square().sum() for value in numbers) ** 0.5)


def plain_training(corpus):
    """Two epochs by hand: segments of 4 s, two in a step, Adadelta, an average that follows the weights."""
    segments = [
        (track.audio.reshape(-1, 20, 3200)[i], track.gold.reshape(-1, 20, 2)[i])
        for track in corpus.partition("train")
        for i in range(3)
    ]
    torch_seed(0)
    model, average, steps, found = Plain(), Plain(), 0, {}
    average.load_state_dict(model.state_dict())
    optimizer = torch.optim.Adadelta(model.parameters(), lr=LEARNING_RATE, rho=0.9, eps=1e-6)
    for epoch in (1, 2):
        rng, objectives, shares, thrown_away = np.random.default_rng([SEED, epoch]), [], [], 0
        torch_seed(epoch)
        order = rng.permutation(6)
        for chosen in (order[:2], order[2:4], order[4:]):
            received, redraws = plain_draw(rng, 20)
            audio = torch.from_numpy(np.stack([segments[i][0][received].ravel() for i in chosen]))
            gold = torch.from_numpy(np.stack([segments[i][1][received] for i in chosen]))
            predicted = model.train()(audio)
            means = gold.mean(1), predicted.mean(1)
            covariance = (gold * predicted).mean(1) - means[0] * means[1]
            spread = gold.var(1, correction=0) + predicted.var(1, correction=0) + (means[0] - means[1]) ** 2
            objective = 1 - (2 * covariance / spread).mean()
            optimizer.zero_grad()
            objective.backward()
            optimizer.step()
            steps += 1
            share = min(0.38, (1 + steps) / (10 + steps))
            for old, new in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
                old.copy_(share * old + (1 - share) * new)
            objectives.append(objective.item())
            shares.append(received.mean())
            thrown_away += redraws
        found |= {f"objective_{epoch}": np.mean(objectives), f"received_{epoch}": np.mean(shares)}
        found[f"redrawn_{epoch}"] = thrown_away
    found["averaged_size"] = size(average.state_dict())
    (devel,), (test,) = corpus.partition("devel"), corpus.partition("test")
    received, _ = plain_draw(np.random.default_rng(0), 120)
    everything = np.ones(120, dtype=bool)
    for name, each in (("last", model), ("averaged", average)):
        found[f"{name}_arousal"], found[f"{name}_valence"] = scores(each, devel, received)
        found[f"{name}_test_arousal"], found[f"{name}_test_valence"] = scores(each, test, everything)
    return found


def our_training(corpus):
    setting = MATCHED["low", "high"]
    plan = TrainingPlan(setting, SEED, 2, 2, 4.0, LEARNING_RATE, averaging_decay=0.38, dimensions=SIZES)
    state = train(corpus, plan, new_state(plan, torch.device("cpu")))
    found = {f"{what}_{row['epoch']}": row[what] for row in state.history
             for what in ("objective", "received", "redrawn")}  # fmt: skip
    found["averaged_size"] = size(state.averaged)
    card = report_training(corpus, plan, state, synthetic=True)[1]
    for name, prefix in (("last", "devel_"), ("averaged", "averaged_devel_")):
        for dimension in ("arousal", "valence"):
            found[f"{name}_{dimension}"] = state.history[-1][prefix + dimension]
            found[f"{name}_test_{dimension}"] = card.candidates[name]["test_clean"][dimension]
    return found


def plain_evaluation(model, corpus):
    """Each channel by a loop over the frames of the only track."""
    (track,) = corpus.partition("test")
    found = {}
    for number, channel in enumerate(CHANNELS):
        place = [round(channel.p_n * 1e9), round(channel.p_l * 1e9)]
        rng = np.random.default_rng([LOSS_SEED, zlib.crc32(b"test_3"), *place])
        received = channel.sample(120, rng)
        heard, timeline, said = iter(hear(model, track, received)[:, 0]), [], 0.0
        for arrives in received:
            said = next(heard) if arrives else said
            timeline.append(said)
        enough = received.sum() >= 50
        on_received = plain_ccc(track.gold[received, 0], np.array(timeline)[received])
        found[f"ccc_{number}"] = on_received if enough else float("nan")
        found[f"ccc_timeline_{number}"] = plain_ccc(track.gold[:, 0], timeline)
        found[f"loss_rate_{number}"] = 1 - received.mean()
    return found


def our_evaluation(model, corpus):
    network = PaperNetwork(model)
    jobs = list_jobs([network], corpus, partitions=["test"], channels=CHANNELS, seeds=[LOSS_SEED])
    rows = [
        next(row for row in two if row["dimension"] == "arousal") for two in run_jobs(jobs, [network], corpus)
    ]
    names = ("ccc", "ccc_timeline", "loss_rate")
    return {f"{name}_{number}": row[name] for number, row in enumerate(rows) for name in names}


@pytest.fixture(scope="module")
def networks():
    """The same weights in our network and in PyTorch's own modules; large ones, whose answers move."""
    ours, plain = EmotionModel(SIZES), Plain()
    rng = np.random.default_rng(2)
    weights = {
        name: torch.from_numpy(rng.normal(0, 0.5, value.shape).astype(np.float32)).to(value.dtype)
        for name, value in plain.state_dict().items()
    }
    weights |= {"norm.running_mean": torch.zeros(1), "norm.running_var": torch.full((1,), 0.01)}
    for model in (ours, plain):
        model.load_state_dict(weights)
    ours.card = Card({"name": "mismatched"}, sha256="golden")
    return ours.eval(), plain.eval()


def test_a_training_of_this_version_gives_its_golden_and_so_does_a_plain_one(corpus):
    golden = TRAINED[version.TRAINING]
    assert our_training(corpus) == pytest.approx(golden, abs=TOLERANCE)
    assert plain_training(corpus) == pytest.approx(golden, abs=TOLERANCE)


def test_an_evaluation_of_this_version_gives_its_golden_and_so_does_a_plain_loop(corpus, networks):
    golden = EVALUATED[version.EVALUATION]
    ours, plain = networks
    assert our_evaluation(ours, corpus) == pytest.approx(golden, abs=TOLERANCE, nan_ok=True)
    assert plain_evaluation(plain, corpus) == pytest.approx(golden, abs=TOLERANCE, nan_ok=True)


def test_the_papers_training_is_the_default():
    plan = TrainingPlan()
    assert (plan.epochs, plan.batch_size, plan.segment_seconds, plan.learning_rate) == (200, 16, 20.0, 0.5)
    assert (plan.devel_every, plan.averaging_decay, plan.dimensions.dropout) == (10, 0.998, 0.5)
