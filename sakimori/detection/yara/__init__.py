"""YARA rules over the files of the evidence: compiled once, run behind limits, told as findings."""

from sakimori.detection.yara.hearing import with_yara
from sakimori.detection.yara.pack import YaraPack, load_yara, own_yara
from sakimori.detection.yara.scanner import Scanner

__all__ = ["Scanner", "YaraPack", "load_yara", "own_yara", "with_yara"]
