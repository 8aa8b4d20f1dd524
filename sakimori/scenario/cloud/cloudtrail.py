"""AWS CloudTrail as it lies in the bucket: {"Records": [...]} in gzip.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sakimori.scenario.cloud.event import Event, iso, marked
from sakimori.scenario.data import toml
from sakimori.scenario.journal import DAY

ACCOUNT = "111122223333"
REGION = "ap-northeast-1"
FILE = (
    f"aws/AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/{{path}}/"
    f"{ACCOUNT}_CloudTrail_{REGION}_{{day}}_synthetic.json.gz"
)


def call(event: Event) -> str:
    """One call; `event` is `service:Operation`, `key` makes it a key's instead of a role's."""
    service, _, name = event.get("event").partition(":")
    data = toml("cloud.toml")["aws"]
    error = event.get("error")
    record: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": _identity(event),
        "eventTime": iso(event.t),
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": event.get("region", REGION),
        "sourceIPAddress": event.seat.place.address,
        "userAgent": event.get("agent", data["agent"]),
        "requestParameters": _parameters(event),
        "responseElements": _answer(event),
        "requestID": event.guid(),
        "eventID": event.guid(),
        "readOnly": name.startswith(("Get", "List", "Describe", "Head", "Lookup")),
        "eventType": "AwsApiCall",
        "managementEvent": name not in data["data_events"],
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Data" if name in data["data_events"] else "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256"},
    }
    if error:
        record["errorCode"] = error
        record["errorMessage"] = (
            f"User: {record['userIdentity']['arn']} is not authorized to perform: {service}:{name}"
        )
    if event.get("arn"):
        record["resources"] = [{"ARN": event.get("arn"), "accountId": ACCOUNT}]
    return marked(record)


def _parameters(event: Event) -> dict[str, Any] | None:
    pairs = event.pairs("request")
    return dict(pairs) if pairs else None


def _answer(event: Event) -> dict[str, Any] | None:
    answer = event.get("answer")
    return json.loads(answer) if answer else None


def key(name: str) -> str:
    """An access key's id, recognisably an example."""
    return "AKIA" + hashlib.sha256(name.encode()).hexdigest()[:9].upper() + "EXAMPLE"


def _identity(event: Event) -> dict[str, Any]:
    user = event.get("key")
    if user:
        return {
            "type": "IAMUser",
            "principalId": "AIDA" + hashlib.sha256(user.encode()).hexdigest()[:9].upper() + "EXAMPLE",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/{user}",
            "accountId": ACCOUNT,
            "accessKeyId": key(event.get("key_id", user)),
            "userName": user,
        }
    if event.get("repo"):
        return _pipeline(event.get("repo"))
    if event.get("person"):
        return _person(event, event.get("person"))
    role = event.get("role", "AWSReservedSSO_Developer_5f1c0a9be2d34c77")
    session = event.get("session", event.who.upn)
    number = "AROA" + hashlib.sha256(role.encode()).hexdigest()[:9].upper() + "EXAMPLE"
    return {
        "type": "AssumedRole",
        "principalId": f"{number}:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIA" + key(f"{role}/{session}/{event.t // DAY}")[4:],
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": number,
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
                "accountId": ACCOUNT,
                "userName": role,
            },
            "attributes": {
                "creationDate": iso(event.t // DAY * DAY),
                "mfaAuthenticated": "false",
            },
        },
    }


def _pipeline(repository: str) -> dict[str, Any]:
    """A workflow that shows the token GitHub gave it."""
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
    user = f"repo:kitaura-exchange/{repository}:ref:refs/heads/main"
    return {
        "type": "WebIdentityUser",
        "principalId": f"{provider}:sts.amazonaws.com:{user}",
        "userName": user,
        "identityProvider": provider,
    }


def _person(event: Event, user: str) -> dict[str, Any]:
    """A developer's own user with the temporary keys of a session that a factor opened."""
    number = "AIDA" + hashlib.sha256(user.encode()).hexdigest()[:9].upper() + "EXAMPLE"
    begun = {"creationDate": iso(event.t // DAY * DAY), "mfaAuthenticated": "true"}
    return {
        "type": "IAMUser",
        "principalId": number,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{user}",
        "accountId": ACCOUNT,
        "accessKeyId": "ASIA" + key(user)[4:],
        "userName": user,
        "sessionContext": {"attributes": begun},
    }
