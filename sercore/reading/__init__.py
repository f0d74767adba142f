"""Small files that anybody may have written: read within bounds, and held against what they should hold."""

from sercore.reading.csv_file import read_csv
from sercore.reading.json_file import json_of, read_json
from sercore.reading.schema import Amount, Count, Holds, Name, OneOf, Share, Within, checked, made
from sercore.reading.text import ReadingError, first_line, read_bytes, read_text, shortened, told_as

__all__ = [
    "Amount",
    "Count",
    "Holds",
    "Name",
    "OneOf",
    "ReadingError",
    "Share",
    "Within",
    "checked",
    "first_line",
    "json_of",
    "made",
    "read_bytes",
    "read_csv",
    "read_json",
    "read_text",
    "shortened",
    "told_as",
]
