"""The four questions of the first screen, answered in words."""

from __future__ import annotations

from sakimori.coverage import Blind
from sakimori.findings import Subject
from sakimori.incidents.context import home
from sakimori.incidents.incident import Incident
from sakimori.records.manifest import Acquisition
from sakimori.response.case import Case
from sakimori.response.in_use import stale_sentences
from sakimori.response.sentences import Fact, Sentence, Term, When, sentence

BLIND_SHOWN, NAMED = 6, 5


def is_anything_wrong(case: Case) -> tuple[Sentence, ...]:
    """One or two sentences; where nothing was found, how much could have been."""
    if not case.incidents:
        return _nothing(case)
    first = min(case.incidents, key=lambda incident: incident.rank)
    return (_how_many(len(case.incidents)), _beginning(first))


def _how_many(n: int) -> Sentence:
    return sentence("One incident needs you.") if n == 1 else sentence("{n} incidents need you.", n=n)


def _beginning(incident: Incident) -> Sentence:
    hosts = hosts_in_order(incident)
    target = f"i{incident.rank}"
    when = When(incident.first_seen, target)
    accounts = accounts_in_order(incident)
    if not hosts:
        return _with_an_account(accounts, when, target)
    start = Term.of(hosts[0], target)
    if len(hosts) == 1 and accounts:
        last = Term.of(accounts[-1], target)
        return sentence(
            "The first began on {host} on {when} and went on in services, last as {account}.",
            host=start, when=when, account=last,
        )  # fmt: skip
    if len(hosts) == 1:
        return sentence(
            "The first began on {host} on {when}; no finding ties it to another host.", host=start, when=when
        )
    last = Term.of(hosts[-1], target)
    if len(hosts) == 2:
        return sentence(
            "The first began on {host} on {when} and reached {last}.", host=start, when=when, last=last
        )
    return sentence(
        "The first began on {host} on {when}, touched {n} hosts and last reached {last}.",
        host=start, when=when, n=len(hosts), last=last,
    )  # fmt: skip


def _with_an_account(accounts: list[Subject], when: When, target: str) -> Sentence:
    if not accounts:
        return sentence("The first began on {when}.", when=when)
    return sentence(
        "The first began with the account {account} on {when}.",
        account=Term.of(accounts[0], target),
        when=when,
    )


def accounts_in_order(incident: Incident) -> list[Subject]:
    """Accounts of findings that happened on no host, in the order in which the incident reached them."""
    return list(dict.fromkeys(place for f in incident.findings if (place := home(f)).type == "account"))


def hosts_in_order(incident: Incident) -> list[Subject]:
    """Hosts in the order in which the incident reached them."""
    met = [subject for finding in incident.findings for subject in finding.subjects if subject.type == "host"]
    return list(dict.fromkeys(met))


def _nothing(case: Case) -> tuple[Sentence, ...]:
    coverage = case.coverage
    could = sentence(
        "{able} of {rules} rules could see something here.", able=coverage.able, rules=coverage.rules
    )
    if case.findings:
        lone = sentence(
            "No incident. {n} findings stand alone: none is joined to others by a shared entity and time.",
            n=len(case.findings),
        )
        return (lone, could, *_missing(case))
    return (sentence("Nothing found."), could, *_missing(case))


def _missing(case: Case) -> tuple[Sentence, ...]:
    titles = dict.fromkeys(name for blind in blindest(case)[:4] for name in answering(blind)[:1])
    names = tuple(Term(name, "log") for name in titles)
    return (sentence("These logs were not given: {names}.", names=names),) if names else ()


def answering(blind: Blind) -> tuple[str, ...]:
    """Logs that would answer, or Sigma's name of the source where none is known."""
    return blind.logs or (blind.logsource,)


def blindest(case: Case) -> list[Blind]:
    """Kinds of log that were missing, by how many rules wait for them."""
    return list(case.coverage.blind)


def what_could_not_be_seen(case: Case) -> tuple[Sentence, ...]:
    """One sentence a blindness, the costliest first; then unread and refused; never empty."""
    blind = blindest(case)
    found = [_blindness(one) for one in blind[:BLIND_SHOWN]]
    more = len(blind) - BLIND_SHOWN
    if more == 1:
        found.append(sentence("One more kind of log was not given."))
    elif more > 1:
        found.append(sentence("{n} more kinds of log were not given.", n=more))
    unread = case.manifest.totals.get("unread", len(case.manifest.unread))
    if unread == 1:
        found.append(sentence("One stretch of evidence could not be read."))
    elif unread:
        found.append(sentence("{n} stretches of evidence could not be read.", n=unread))
    found += _unknown(case)
    found += _changed(case)
    if case.manifest.may_be_doubled:
        doubled = "{logs}: the same events in two exports cannot be told apart, so counts may be doubled."
        found.append(
            sentence(doubled, logs=tuple(Term(name, "log") for name in case.manifest.may_be_doubled))
        )
    found += _unresolved(case)
    found += _suppressed(case)
    found += stale_sentences(case.manifest)
    refused = len(case.manifest.rules_refused)
    if refused == 1:
        found.append(sentence("One rule was refused, with its reason."))
    elif refused:
        found.append(sentence("{n} rules were refused, each with its reason.", n=refused))
    return tuple(found) or (sentence("Every loaded rule had a log to look at, and every record was read."),)


def _unresolved(case: Case) -> list[Sentence]:
    """Inner addresses in findings that no record gives a machine: their story may be another machine's."""
    told = case.manifest.resolved
    unknown, shared = told.get("unknown", 0), told.get("shared", 0)
    whole = unknown + shared + told.get("addresses", 0)
    if not unknown + shared:
        return []
    words = (
        "Of {whole} inner addresses in findings {unknown} could not be given a machine and {shared} were "
        "shared by several: DHCP, VPN or EDR logs of that time would tell."
    )
    return [sentence(words, whole=whole, unknown=unknown, shared=shared)]


def _suppressed(case: Case) -> list[Sentence]:
    """Findings that somebody answers for, and suppressions nobody renewed."""
    n, over = sum(case.manifest.suppressed.values()), case.manifest.suppressions_expired
    found = []
    if n == 1:
        found.append(
            sentence("One finding is suppressed; it stands among the findings with who answers for it.")
        )
    elif n:
        words = "{n} findings are suppressed; they stand among the findings with who answers for them."
        found.append(sentence(words, n=n))
    if len(over) == 1:
        found.append(
            sentence("One suppression has expired and no longer applies: {name}.", name=Term(over[0]))
        )
    elif over:
        names = tuple(map(Term, over[:NAMED]))
        words = "{n} suppressions have expired and no longer apply, among them {names}."
        found.append(sentence(words, n=len(over), names=names))
    return found


def _unknown(case: Case) -> list[Sentence]:
    names = [entry.path for entry in case.manifest.files if entry.format == "unknown"]
    if len(names) == 1:
        return [sentence("{file} is no log that Sakimori reads.", file=Term(names[0]))]
    if names:
        return [sentence("{n} files are no logs that Sakimori reads; the manifest names them.", n=len(names))]
    return []


def _changed(case: Case) -> list[Sentence]:
    changed = [entry.path for entry in case.manifest.files if entry.acquired and not entry.acquired.holds]
    if len(changed) == 1:
        return [sentence("{file} is not as it was when it was taken.", file=Term(changed[0]))]
    if changed:
        return [sentence("{n} files are not as they were when they were taken.", n=len(changed))]
    return []


def _blindness(blind: Blind) -> Sentence:
    logs: tuple[Fact, ...] = tuple(Term(name, "log") for name in answering(blind)[:3])
    if blind.rules == 1:
        return sentence("{logs}: not given; with it 1 more rule could speak.", logs=logs)
    return sentence("{logs}: not given; with it {n} more rules could speak.", logs=logs, n=blind.rules)


def who_took(acquired: Acquisition) -> Sentence:
    """Who took a file, from where and when."""
    return sentence(
        "Taken by {by} from {tenant}, {when}.",
        by=Term(acquired.by),
        tenant=Term(acquired.tenant),
        when=When(acquired.when),
    )


def what_was_read(case: Case) -> Sentence:
    """One line: files, hosts, time range, events, unread, rules run, seconds."""
    totals, coverage = case.manifest.totals, case.coverage
    start = min((s.first_seen for s in coverage.logs if s.first_seen is not None), default=None)
    end = max((s.last_seen for s in coverage.logs if s.last_seen is not None), default=None)
    return sentence(
        "{files} files, {hosts} hosts, {records} records from {start} to {end}; "
        "{unread} unread, {duplicates} counted once although given twice; "
        "{able} of {rules} rules run; {seconds} s.",
        files=totals.get("files", len(case.manifest.files)),
        hosts=totals.get("hosts", 0),
        records=totals.get("records", 0),
        start=When(start),
        end=When(end),
        unread=totals.get("unread", len(case.manifest.unread)),
        duplicates=totals.get("duplicates", 0),
        able=coverage.able,
        rules=coverage.rules,
        seconds=float(case.manifest.seconds.get("whole", sum(case.manifest.seconds.values()))),
    )


def is_synthetic(case: Case) -> bool:
    """True where the evidence carries Sakimori's own mark: a drill, not an attack."""
    return any(entry.synthetic for entry in case.manifest.files)
