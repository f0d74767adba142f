r"""The paper's experiment, whole: train, evaluate, compare, write every table. Stop it anytime; it goes on.

Examples:
  python scripts/reproduce.py --corpus default --out trained/results/   everything, in place of what ships
  python scripts/reproduce.py --no-training                            with the networks that are there
  python scripts/reproduce.py --from-trained                           train only what does not ship yet
  python scripts/reproduce.py --corpus /path/to/RECOLA                 the same on RECOLA (trained/RECOLA.md)
  python scripts/reproduce.py --epochs 2 --seeds 1 --grid 5 --loss-seeds 1 \
      --runs runs/trial --out runs/trial/trained/results                   a trial

Finished networks lie in the folder of runs; the median seed of each setting by devel score, not the best,
goes to the folder of weights (the one that holds --out); --voices tells of an exception.
"""

import argparse
from dataclasses import replace
from pathlib import Path

from command_line import (
    add_computer,
    add_corpus,
    decimal,
    run,
    script_parser,
    use_computer,
    writable_file,
    writable_folder,
)
from trainings import add_experiment, experiment_of

from sercore.corpus import open_corpus
from sercore.corpus.partition import is_synthetic, partition_report
from sercore.training import memory


def main() -> int:
    """Parse, call, write."""
    arguments = parse()
    from sercore.experiment.reproduce import reproduce
    from sercore.experiment.shipping import adopt_shipped
    from sercore.report.publish import publish
    from sercore.results.clip_scores import mean_aucs

    folders = {"results": arguments.out, "trained": arguments.trained, "runs": arguments.runs}
    experiment = experiment_of(arguments, arguments.corpus, **folders)
    more = {name: getattr(arguments, name) for name in ("delay", "post_processing")}
    experiment = replace(experiment, voices=tuple(arguments.voices), **more)
    mean_aucs(experiment.voices)  # for what cannot be read is told before the work of hours
    memory.keep_freed_memory()
    device = use_computer(arguments)
    corpus = open_corpus(experiment.corpus)
    experiment.partitions_of(corpus)
    for option in ("runs", "results", "trained"):
        writable_folder(getattr(experiment, option), "--out" if option == "results" else f"--{option}")
    for option in ("readme", "html"):
        if path := getattr(arguments, option):
            writable_file(path, f"--{option}")
    for sentence in [*partition_report(corpus, synthetic=is_synthetic(experiment.corpus)), *corpus.notes]:
        print(sentence)
    if arguments.from_trained:
        taken = ", ".join(network.name for network in adopt_shipped(experiment, corpus))
        print(f"Taken from {experiment.trained}: {taken or 'none'}.")
    found = reproduce(experiment, corpus, device, training=not arguments.no_training)
    committed = experiment.results == Path("trained", "results")
    readme = arguments.readme or (Path("README.md") if committed else None)
    table = publish(experiment.results, experiment.trained, readme=readme, html=arguments.html)
    print(f"\nCCC without loss on {corpus.name}, and the paper's on RECOLA:\n\n{table}\n")
    if found.untrained:
        print(f"Not trained yet: {', '.join(n.name for n in found.untrained)}.")
    if found.waiting:
        names = ", ".join(n.name for n in found.waiting)
        print(f"Left out until the other settings have that seed too: {names}.")
    print(f"All tables are in {experiment.results}, the networks that ship in {experiment.trained}.")
    return 0


def parse() -> argparse.Namespace:
    """The command line."""
    parser = script_parser(__doc__)
    add_corpus(parser)
    add = parser.add_argument
    add("--out", type=Path, metavar="FOLDER", help="the tables (default: trained/results)")
    words = "the networks that ship (default: the one that holds --out)"
    add("--trained", type=Path, metavar="FOLDER", help=words)
    add("--runs", type=Path, metavar="FOLDER", help="checkpoints, all networks, rows (default: runs)")
    words = "a text with marks to write the tables into (default: README.md for trained/results, else none)"
    add("--readme", type=Path, metavar="FILE", help=words)
    add("--html", type=Path, metavar="FILE", help="also write one self-contained page (5 MB)")
    words = "count the networks in the folder of weights as finished: what a fresh clone goes on from"
    add("--from-trained", action="store_true", help=words)
    add("--no-training", action="store_true", help="use what is trained and name what is missing")
    words = "scores by score_clips.py of all seeds of a setting: the best ships, not the median by devel"
    add("--voices", type=Path, nargs="+", default=(), metavar="FILE", help=words)
    add_experiment(parser)
    more = parser.add_argument_group("not in the paper; off by default")
    words = "compensate the raters' lag, 0 to 8 s (Mariooryad and Busso 2015; Ringeval et al. 2018)"
    more.add_argument("--delay", type=decimal, default=0.0, metavar="SECONDS", help=words)
    words = "AVEC's median filter, centring and scaling, each kept only if the devel CCC rises"
    words += " (Valstar et al. 2016; Trigeorgis et al. 2016)"
    more.add_argument("--post-processing", action="store_true", help=words)
    add_computer(parser)
    return parser.parse_args()


if __name__ == "__main__":
    run(main)
