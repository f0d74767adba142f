"""The paper's own numbers, all of them RECOLA's: never to be taken for ours."""

import pandas as pd

from sercore.results.paper import PAPER_TABLE_2
from sercore.training.settings import AUGMENTATION

_TZIRAKIS_2018 = (0.815, 0.502)  # the row of Table 2 that is another paper's


def table_2() -> pd.DataFrame:
    """The paper's Table 2: CCC on the validation partition, no loss at test."""
    rows = [(*_training(name), *scores) for name, scores in PAPER_TABLE_2.items()]
    rows.insert(1, ("Tzirakis et al. 2018", "clean", "clean", *_TZIRAKIS_2018))
    columns = ["setting", "training p_N", "training p_L", "arousal CCC", "valence CCC"]
    return pd.DataFrame(rows, columns=columns)


def _training(setting: str) -> tuple[str, str, str]:
    """Name, and what p_N and p_L were in training."""
    if setting == "mismatched":
        return "Mismatched", "clean", "clean"
    if setting == "multi_condition":
        return "Multi-condition", "0.05 to 1", "0 to 1"
    _, p_n, p_l = setting.split("_")
    return "Matched / augmentation" if setting == AUGMENTATION.name else "Matched", p_n, p_l
