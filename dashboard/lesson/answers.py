"""What the results say to each step of the lesson."""

from collections.abc import Callable, Mapping
from functools import partial

from dashboard.compute.findings import Findings
from dashboard.compute.remedies import read_remedies
from dashboard.lesson import evidence
from dashboard.lesson.evidence import Evidence
from dashboard.lesson.remedy import conceal_or_train
from dashboard.lesson.steps import BURSTS, CALL, Step

# (findings, partition, score) -> evidence, by what answers a step.
EVIDENCE: Mapping[str, Callable[[Findings, str, str], Evidence]] = {
    "burst": lambda *_: evidence.mean_burst(BURSTS),
    "bursts": evidence.burst_length,
    "matched": partial(evidence.against, "matched", "mismatched"),
    "augmentation": partial(evidence.against, "augmentation", "mismatched"),
    "knobs": evidence.channel_parameters,
    "calls": partial(evidence.real_call, CALL),
    "remedy": lambda *_: conceal_or_train(read_remedies().advice),
}


def evidence_of(step: Step, findings: Findings, partition: str, score: str) -> Evidence:
    """What the results say to a step."""
    return EVIDENCE[step.answers](findings, partition, score)
