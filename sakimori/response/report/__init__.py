"""`report.html`: one self-contained file for a tired analyst, a director and an auditor."""

from sakimori.response.report.write import write_report

__all__ = ["write_report"]
