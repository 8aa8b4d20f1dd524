"""The four answers and the ranked incidents in a terminal; plain lines where nobody watches."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sakimori.incidents.incident import STAGES, Incident
from sakimori.incidents.ladder_words import option, standing
from sakimori.response.answers import (
    is_anything_wrong,
    is_synthetic,
    what_could_not_be_seen,
    what_was_read,
)
from sakimori.response.case import Case
from sakimori.response.known_activity import climb_of
from sakimori.response.localised import incident_title
from sakimori.response.sentences import Sentence, Term, listed, plain, prose, sentence, shown_term
from sakimori.response.times import span_words
from sakimori.response.words import findings_counted, stage_sentence, subject_word, telling
from sakimori.tongue import tongue

INCIDENTS, SUBJECTS, BAR = 10, 4, 20
_HEAD, _SOFT, _ACCENT = "bold", "dim", "cyan"


def print_case(case: Case, console: Console) -> None:
    """Print the case in its language. Every text is a rich Text, so no markup in it is ever read."""
    watched = console.is_terminal
    for part in _parts(case, watched):
        console.print(part, highlight=False, emoji=False, markup=False, soft_wrap=not watched)


def _parts(case: Case, watched: bool) -> Iterator[RenderableType]:
    say = tongue(case.lang)
    if is_synthetic(case):
        drill = "A drill: this evidence carries Sakimori's own synthetic mark. Nothing here happened."
        yield Text(say(drill), _SOFT)
    yield Text("")
    yield _lines(case, is_anything_wrong(case), _HEAD)
    yield Text("")
    most = max((incident.score for incident in case.incidents), default=0.0) or 1.0
    for incident in case.incidents[:INCIDENTS]:
        yield _incident(case, incident, incident.score / most) if watched else _flat(case, incident)
    if len(case.incidents) > INCIDENTS:
        more = sentence("{n} more incidents stand in the report.", n=len(case.incidents) - INCIDENTS)
        yield _lines(case, (more,), _SOFT)
        yield Text("")
    if case.unplaced:
        lost = "named.yml speaks of incidents that are not in this case: {ids}."
        yield _lines(case, (sentence(lost, ids=tuple(map(Term, case.unplaced))),), _HEAD)
        yield Text("")
    yield Text(say("What could not be seen?"), _HEAD)
    yield _lines(case, what_could_not_be_seen(case), bullet="- ")
    yield Text("")
    yield Text(say("What was read?"), _HEAD)
    yield _lines(case, (what_was_read(case),))


def _lines(case: Case, sentences: tuple[Sentence, ...], style: str = "", bullet: str = "") -> Text:
    lines = (Text(bullet + plain(one, case.lang, case.zone), style) for one in sentences)
    return Text("\n", style).join(lines)


def _incident(case: Case, incident: Incident, share: float) -> RenderableType:
    head = Table.grid(padding=(0, 1), expand=True)
    head.add_column(width=3, justify="right", no_wrap=True)
    head.add_column(ratio=1)
    head.add_column(width=BAR + 7, justify="right", no_wrap=True)
    head.add_row(
        Text(str(incident.rank), _ACCENT), Text(_title(case, incident), _HEAD), _score(incident, share)
    )
    details = Text("\n").join(
        (
            Text(_span(case, incident), _SOFT),
            Text(_subjects(case, incident)),
            Text.assemble((_dots(incident), _ACCENT), "  ", (_stages(case, incident), _SOFT)),
            Text(_known(case, incident), _SOFT),
        )
    )
    return Group(head, Padding(details, (0, 0, 1, 4)))


def _flat(case: Case, incident: Incident) -> Text:
    """The same without bars and columns: for files, pipes and logs."""
    rows = (
        f"{incident.rank}. [{incident.score:.1f}] {_title(case, incident)}",
        f"   {_span(case, incident)}",
        f"   {_subjects(case, incident)}",
        f"   {_stages(case, incident)}",
        f"   {_known(case, incident)}",
    )
    return Text("\n".join(rows) + "\n")


def _title(case: Case, incident: Incident) -> str:
    return prose(incident_title(incident, case.lang), case.lang, 300)


def _score(incident: Incident, share: float) -> Text:
    full = max(1, round(share * BAR)) if incident.score else 0
    return Text.assemble(
        (f"{incident.score:.1f} ", _HEAD), ("━" * full, _ACCENT), ("─" * (BAR - full), _SOFT)
    )


def _dots(incident: Incident) -> str:
    return "".join("●" if stage in incident.stages else "○" for stage in STAGES)


def _stages(case: Case, incident: Incident) -> str:
    return " · ".join(plain(stage_sentence(stage), case.lang) for stage in incident.stages)


def _known(case: Case, incident: Incident) -> str:
    """The rung of the ladder reached; from L3 up, who it may be, the unknown among them."""
    say, climbed = tongue(case.lang), climb_of(case, incident)
    reached = say("Known activity {rung}", rung=standing(climbed, say))
    if not climbed.names:
        return reached
    names = [prose(option(one, say), case.lang, 200) for one in climbed.options]
    return f"{reached} · {listed(names, case.lang)}"


def _span(case: Case, incident: Incident) -> str:
    found = plain(findings_counted(len(incident.findings)), case.lang)
    span = span_words(incident.first_seen, incident.last_seen, case.lang, zone=case.zone)
    return f"{span} · {found}"


def _subjects(case: Case, incident: Incident) -> str:
    told = telling(incident.subjects)
    names = [
        f"{plain(subject_word(subject.type), case.lang)} {shown_term(Term.of(subject), case.lang, 70)}"
        for subject in told[:SUBJECTS]
    ]
    rest = len(told) - SUBJECTS
    more = [plain(sentence("{n} more", n=rest), case.lang)] if rest > 0 else []
    return listed([*names, *more], case.lang)
