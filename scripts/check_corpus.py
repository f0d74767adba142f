"""Say what a corpus folder holds and what is wrong with it, before anything is trained on it.

Examples:
  python scripts/check_corpus.py corpora/default
  python scripts/check_corpus.py /path/to/RECOLA
  python scripts/check_corpus.py /path/to/AVEC2016 --json

Every file is read: layout, partitions, minutes, rates, raters, languages, a hash of the content, and all
problems (missing, truncated, duplicated, misnamed or damaged files), each in one line. The three layouts in
which RECOLA and AVEC are handed out are known; nothing is written.

The exit code is 0 if all is well, 1 if there are problems, 2 if FOLDER is no folder.
"""

import json
from dataclasses import asdict

from command_line import run, script_parser

from sercore.corpus.check import check_corpus


def main() -> int:
    """Parse, call, print."""
    parser = script_parser(__doc__)
    parser.add_argument("folder", metavar="FOLDER", help="folder of a corpus, or 'demo' or 'default'")
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    arguments = parser.parse_args()
    found = check_corpus(arguments.folder)
    print(json.dumps(asdict(found), indent=1) if arguments.json else found.as_text())
    return 1 if found.problems else 0


if __name__ == "__main__":
    run(main)
