"""`sakimori respond`: what an incident proposes, who approved it, and feeds for those who enforce it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from sakimori.errors import UsageError

if TYPE_CHECKING:
    from sakimori.response.respond.deciding import Word
    from sakimori.response.respond.guard import Guard
    from sakimori.response.respond.journal import Act
    from sakimori.response.respond.proposal import Proposal
    from sakimori.tongue import Tongue

respond = App(name="respond", help="What an incident proposes; approve it, publish it, check the log.")
Lang = Literal["en", "ja"] | None
BROKEN, LEFT_OUT = 1, 3


def proposed(
    case: Path,
    /,
    *,
    org: Path | None = None,
    format: Literal["text", "json"] = "text",
    lang: Lang = None,
) -> int:
    """List what the incidents of a case propose, and what was decided. Nothing is done.

    Parameters
    ----------
    case:
        The case folder of a hunt.
    org:
        What is your own and never blocked; org.yml in the current folder, besides what the case knows.
    format:
        text for people, json for scripts.
    lang:
        en or ja.
    """
    from sakimori.response.contract import document
    from sakimori.response.respond.journal import read_log
    from sakimori.response.respond.listing import as_objects, as_text
    from sakimori.response.respond.standing import standing

    found, log, now, say = _found(case, _guard(case, org)), read_log(case), int(time.time()), _tongue(lang)
    decided = standing(log.acts) if not log.wrong else {}
    if format == "json":
        sys.stdout.write(document(list(as_objects(found, decided, now))).decode())
    else:
        print("\n".join(as_text(found, decided, say, now)).lstrip("\n"))
    if log.wrong:
        print(
            say("The log is damaged: sakimori respond verify {case} says how.", case=str(case)),
            file=sys.stderr,
        )
        return BROKEN
    return 0


def approve(
    case: Path,
    id: Annotated[list[str], Parameter(negative=())],
    /,
    *,
    by: str,
    reason: str,
    owner: str = "",
    days: int | None = None,
    until: str | None = None,
    watch: bool = False,
    org: Path | None = None,
    lang: Lang = None,
) -> int:
    """Approve proposals by their ids. Lists take effect with the next `publish`.

    Parameters
    ----------
    case:
        The case folder.
    id:
        Ids as `sakimori respond CASE` shows them.
    by:
        Who approves.
    reason:
        Why.
    owner:
        Who answers for the entry from now on; who approves by default.
    days:
        How many days it holds; each proposal has its own by default.
    until:
        Until which day it holds, instead of days (2026-12-31).
    watch:
        Only watch for it, although it is proposed for blocking.
    org:
        What is your own; org.yml in the current folder, besides what the case knows.
    lang:
        en or ja.
    """
    from sakimori.response.respond.deciding import approve as approved

    word, say = _word(by, reason, owner), _tongue(lang)
    found, end = _found(case, _guard(case, org)), _end(days, until, word.now)
    acts = approved(case, found, id, word, until=end, watch=watch)
    _tell(acts, say("{n} approved. Publish to let lists take effect.", n=len(acts)), say)
    return 0


def withdraw(
    case: Path,
    id: Annotated[list[str], Parameter(negative=())],
    /,
    *,
    by: str,
    reason: str,
    lang: Lang = None,
) -> int:
    """Withdraw approvals. Feeds lose the entries with the next `publish`.

    Parameters
    ----------
    case:
        The case folder.
    id:
        Ids of what was approved.
    by:
        Who withdraws.
    reason:
        Why.
    lang:
        en or ja.
    """
    from sakimori.response.respond.deciding import withdraw as withdrawn

    say = _tongue(lang)
    acts = withdrawn(case, id, _word(by, reason))
    _tell(acts, say("{n} withdrawn. Publish to take them out of the feeds.", n=len(acts)), say)
    return 0


def publish(
    case: Path,
    /,
    *,
    to: Path,
    by: str = "",
    reason: str = "",
    org: Path | None = None,
    lang: Lang = None,
) -> int:
    """Write the feeds of all approved entries into a folder that any web server can serve.

    Entries that were withdrawn or are over are in none of them. Run it daily, so that what is over drops out.
    Ends with 3 where an approved entry was left out because the guard now forbids it.

    Parameters
    ----------
    case:
        The case folder.
    to:
        A folder outside of the case; made where it is missing.
    by:
        Who publishes; the account of this computer by default.
    reason:
        Why, for the log.
    org:
        What is your own; org.yml in the current folder, besides what the case knows.
    lang:
        en or ja.
    """
    import getpass

    from sakimori.response.hostile import for_terminal
    from sakimori.response.respond.publishing import publish as published
    from sakimori.response.sentences import plain

    say = _tongue(lang)
    done = published(case, to, by or getpass.getuser(), reason, _guard(case, org), int(time.time()))
    print(
        say(
            "{n} entries in {m} files: {to}", n=len(done.entries), m=len(done.files), to=for_terminal(str(to))
        )
    )
    for one in done.left_out:
        told = say(
            "Left out: {id} ({value}). {because}",
            id=one.id, value=one.value, because=plain(one.because, say.lang),
        )  # fmt: skip
        print(for_terminal(told))
    _tell_head(done.head, say)
    return LEFT_OUT if done.left_out else 0


def verify(case: Path, /, *, head: str = "", lang: Lang = None) -> int:
    """Check the log of decisions line by line. Ends with 1 where it was changed, cut short or reordered.

    Parameters
    ----------
    case:
        The case folder.
    head:
        A hash that was written down: the log must contain the entry that had it.
    lang:
        en or ja.
    """
    from sakimori.response.hostile import for_terminal
    from sakimori.response.respond.journal import read_log, without
    from sakimori.response.sentences import plain

    log, say = read_log(case), _tongue(lang)
    wrong = (*log.wrong, *without(log, head.strip().lower()))
    for one in wrong:
        print(for_terminal(plain(one, say.lang)))
    if wrong:
        return BROKEN
    print(say("The log is whole: {n} entries, each sealed to the one before.", n=len(log.acts)))
    _tell_head(log.head, say)
    return 0


def page(case: Path, /, *, org: Path | None = None, lang: Lang = None) -> int:
    """Write respond.html, checklists for paper, and playbook.json (CACAO 2.0) into the case.

    Parameters
    ----------
    case:
        The case folder.
    org:
        What is your own; org.yml in the current folder, besides what the case knows.
    lang:
        Language of what is printed here; the page holds both.
    """
    from sakimori.response.contract import document
    from sakimori.response.folder import write_file
    from sakimori.response.hostile import for_terminal
    from sakimori.response.respond.cacao import playbook
    from sakimori.response.respond.pages import write_page
    from sakimori.response.respond.reading import read_case

    found = _found(case, _guard(case, org))
    file = write_page(found, read_case(case).incidents, case)
    write_file(case, "playbook.json", [document(playbook(found, int(time.time())))])
    print(_tongue(lang)("Printable page: {file}", file=for_terminal(str(file))))
    return 0


def _found(case: Path, guard: Guard) -> tuple[Proposal, ...]:
    from sakimori.response.respond.proposing import proposals
    from sakimori.response.respond.reading import read_case

    read = read_case(case)
    return proposals(read.incidents, read.evidence, guard)


def _guard(case: Path, org: Path | None) -> Guard:
    from sakimori.cli.hunting import own_file
    from sakimori.response.respond.guard import Guard
    from sakimori.response.respond.own import read_own

    return Guard(read_own(case, org or own_file("org.yml")))


def _word(by: str, reason: str, owner: str = "") -> Word:
    from sakimori.response.respond.deciding import Word

    return Word(by=by, reason=reason, owner=owner, now=int(time.time()))


def _end(days: int | None, until: str | None, now: int) -> int | None:
    """When it ends, seconds since the epoch. Raises UsageError where the options say no time."""
    from sakimori.cli.hunting import moment_of
    from sakimori.response.respond.deciding import A_DAY, LONGEST_DAYS

    if days is not None and until is not None:
        raise UsageError("--days and --until say the same thing: give one of them.")
    if days is not None and not 0 < days <= LONGEST_DAYS:
        raise UsageError(f"--days {days}: give 1 to {LONGEST_DAYS}.")
    end = moment_of(until, "--until")
    if end is not None:
        return min(end // 1_000_000, now + LONGEST_DAYS * A_DAY)
    return None if days is None else now + days * A_DAY


def _tongue(lang: Lang) -> Tongue:
    from sakimori.cli.hunting import spoken
    from sakimori.tongue import tongue

    return tongue(lang or spoken())


def _tell(acts: tuple[Act, ...], sentence: str, say: Tongue) -> None:
    print(sentence)
    if acts:
        _tell_head(acts[-1].hash, say)


def _tell_head(head: str, say: Tongue) -> None:
    print(say("Head of the log, to be written down elsewhere: {head}", head=head))


respond.default(proposed)
respond.command(approve)
respond.command(withdraw)
respond.command(publish)
respond.command(verify)
respond.command(page)
