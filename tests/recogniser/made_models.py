"""Models of the hub's kind, small and of chance."""

from pathlib import Path

import pytest
import torch

EMOTIONS = {0: "angry", 1: "happy", 2: "sad"}


def save_wav2vec2(folder: Path, **more):
    """A folder of transformers with a tiny Wav2Vec2 of three classes; the model."""
    transformers = pytest.importorskip("transformers", reason="needs the extra 'transformers'")
    torch.manual_seed(0)
    small = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    front = {
        "conv_dim": (16, 16),
        "conv_stride": (5, 4),
        "conv_kernel": (10, 8),
        "num_feat_extract_layers": 2,
    }
    rest = {"num_conv_pos_embeddings": 8, "num_conv_pos_embedding_groups": 2, "classifier_proj_size": 8}
    config = transformers.Wav2Vec2Config(**small, **front, **rest, num_labels=3, id2label=EMOTIONS, **more)
    model = transformers.Wav2Vec2ForSequenceClassification(config).eval()
    model.save_pretrained(folder)
    transformers.Wav2Vec2FeatureExtractor(do_normalize=True).save_pretrained(folder)
    return model


def save_whisper(folder: Path):
    """A folder with a tiny Whisper of three classes, whose front end hears 30 s."""
    transformers = pytest.importorskip("transformers", reason="needs the extra 'transformers'")
    torch.manual_seed(0)
    small = {"d_model": 16, "encoder_layers": 1, "encoder_attention_heads": 2, "encoder_ffn_dim": 16}
    other = {"decoder_layers": 1, "decoder_attention_heads": 2, "decoder_ffn_dim": 16, "vocab_size": 60}
    ends = {"pad_token_id": 1, "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 3}
    config = transformers.WhisperConfig(
        **small, **other, **ends, num_mel_bins=8, classifier_proj_size=8, num_labels=3, id2label=EMOTIONS
    )
    model = transformers.WhisperForAudioClassification(config).eval()
    model.save_pretrained(folder)
    transformers.WhisperFeatureExtractor(feature_size=8).save_pretrained(folder)
    return model
