"""Names join where a record says that they are one account's, and never through a name people share."""

from __future__ import annotations

from sakimori.identities.accounts import MOST, Accounts


def test_names_of_one_record_are_one_account_and_the_upn_leads() -> None:
    found = Accounts.of([{"sid": "s-1-5-21-7", "sam": "corp\\mei", "upn": "example\\mei"}])
    assert dict(found.leading) == dict.fromkeys(("s-1-5-21-7", "corp\\mei", "example\\mei"), "example\\mei")


def test_records_that_share_a_name_join() -> None:
    rows = [{"sid": "s-1-5-21-7", "sam": "corp\\mei"}, {"upn": "example\\mei", "sid": "s-1-5-21-7"},
            {"upn": "example\\mei", "login": "mei-gh"}]  # fmt: skip
    assert Accounts.of(rows).leading["mei-gh"] == "example\\mei"
    assert Accounts.of(rows).leading["corp\\mei"] == "example\\mei"


def test_a_mailbox_that_two_people_use_joins_nobody() -> None:
    rows = [
        {"upn": "example\\mei", "mail": "example\\info"},
        {"upn": "example\\ken", "mail": "example\\info"},
    ]
    found = Accounts.of(rows)
    assert dict(found.leading) == {}
    assert found.ambiguous == {"example\\info"}


def test_a_renamed_account_keeps_its_sid() -> None:
    rows = [{"sid": "s-1-5-21-7", "upn": "example\\mei"}, {"sid": "s-1-5-21-7", "upn": "example\\mei.mori"}]
    assert Accounts.of(rows).leading["example\\mei.mori"] == "example\\mei"


def test_one_name_alone_joins_nothing() -> None:
    assert Accounts.of([{"account": "root"}, {"account": "root"}, {}]) == Accounts()


def test_more_names_than_an_account_has_are_called_a_mistake() -> None:
    rows = [{"sid": "s-1", "login": f"robot{n}"} for n in range(MOST)]
    found = Accounts.of(rows)
    assert dict(found.leading) == {}
    assert len(found.ambiguous) == MOST + 1


def test_the_order_of_the_records_does_not_matter() -> None:
    rows = [{"upn": "e\\a", "login": "x"}, {"login": "x", "sid": "s-1"}, {"sid": "s-1", "sam": "d\\a"}]
    assert Accounts.of(rows) == Accounts.of(rows[::-1])
