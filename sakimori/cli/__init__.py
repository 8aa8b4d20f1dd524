"""The command line: verbs for people, exit codes for scripts.

0 completed, 1 nothing is recorded under what was asked (`intel show`), 2 usage, 3 completed but evidence
partly unreadable, or segments violated, 4 a signature is missing, wrong or of nobody who is trusted, 10
incidents were found and --fail-on asked to say so, 70 an error of ours, 130 interrupted.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from sakimori import __version__
from sakimori.errors import SakimoriError

USAGE, INTERNAL, INTERRUPTED = 2, 70, 130

app = App(
    name="sakimori",
    help="Turns the logs you already have into a short, ranked, argued list of incidents.",
    version=__version__,
    help_format="plaintext",
)
# Lazy: a verb's module is loaded when it is called, so its help in the list stands here.
app.command("sakimori.cli.hunting:hunt", name="hunt", help="Evidence in, a ranked list and a report out.")
app.command("sakimori.cli.collecting:collect", name="collect", help="What to export before it expires.")
app.command("sakimori.cli.responding:respond", name="respond", help="What to do now; approve and publish it.")
app.command("sakimori.cli.showing:show", name="show", help="Print the original record at a place again.")
app.command(
    "sakimori.cli.initialising:init", name="init", help="Propose org.yml, what is your own, from a case."
)
app.command(
    "sakimori.cli.ruling:rules", name="rules", help="Why a rule was silent; what is wrong with rules."
)
app.command("sakimori.cli.knowing:intel", name="intel", help="What is known; indicators of others.")
app.command("sakimori.cli.bundling:bundle", name="bundle", help="Rules and indicators as one signed file.")
app.command("sakimori.cli.handing_over:seal", name="seal", help="Sign a case as it stands.")
app.command("sakimori.cli.handing_over:verify", name="verify", help="What changed in a case since signed.")
app.command("sakimori.cli.bundling:key", name="key", help="Keys that sign, and keys that are trusted.")
app.command("sakimori.cli.preventing:dlp", name="dlp", help="Register what must not leave the house.")
app.command(
    "sakimori.cli.segmenting:segments", name="segments", help="Walls between segments, checked against flows."
)
app.command("sakimori.cli.acting:scenario", name="scenario", help="Write synthetic evidence to try it on.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """The exit code of one command; what went wrong stands on standard error in one sentence."""
    try:
        result = app(list(arguments), exit_on_error=False, print_error=True, result_action="return_value")
        return result if isinstance(result, int) else 0
    except CycloptsError:
        return USAGE
    except SakimoriError as error:
        from sakimori.response.hostile import for_terminal

        print(f"sakimori: {for_terminal(str(error))}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("sakimori: interrupted; run the same command again to go on from here.", file=sys.stderr)
        return INTERRUPTED
    except Exception:  # the one place where a mistake of ours ends: told whole, with its own exit code
        traceback.print_exc()
        print(
            "sakimori: this is a mistake in Sakimori, not in your evidence; the case was kept.",
            file=sys.stderr,
        )
        return INTERNAL
