"""Access logs of AWS: load balancers (application and classic) and S3.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
"""

from __future__ import annotations

import re

from sakimori.evidence.reader import Source
from sakimori.evidence.text_lines import LineReader, Parse, Row, Told
from sakimori.evidence.web_access import QUOTED, TIME, stamp
from sakimori.evidence.web_request import request, said
from sakimori.records.plan import Plan

_CELL = re.compile(rf"{QUOTED}|\[([^\]]{{0,200}})\]|(\S+)")
_STAMP = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d+Z"
_ALB = re.compile(rf"(?:https?|h2|grpcs?|wss?) {_STAMP} \S+ \S+:\d+ ")
_ELB = re.compile(rf"{_STAMP} \S+ \S+:\d+ (?:\S+:\d+|-) -?[\d.]+ ")
_S3 = re.compile(rf"[0-9a-f]{{32,64}} \S+ {TIME} \S+ \S+ [0-9A-Z]+ (?:REST|SOAP|WEBSITE|BATCH|S3)\.")
_ALB_NAMES = [
    "type",
    "time",
    "elb",
    "client:port",
    "target:port",
    "request_processing_time",
    "target_processing_time",
    "response_processing_time",
    "elb_status_code",
    "target_status_code",
    "received_bytes",
    "sent_bytes",
    "request",
    "user_agent",
    "ssl_cipher",
    "ssl_protocol",
    "target_group_arn",
    "trace_id",
    "domain_name",
    "chosen_cert_arn",
    "matched_rule_priority",
    "request_creation_time",
    "actions_executed",
    "redirect_url",
    "error_reason",
    "target:port_list",
    "target_status_code_list",
    "classification",
    "classification_reason",
]
_ELB_NAMES = [
    "time",
    "elb",
    "client:port",
    "target:port",
    "request_processing_time",
    "target_processing_time",
    "response_processing_time",
    "elb_status_code",
    "target_status_code",
    "received_bytes",
    "sent_bytes",
    "request",
    "user_agent",
    "ssl_cipher",
    "ssl_protocol",
]
_S3_NAMES = [
    "bucket_owner",
    "bucket",
    "time",
    "remote_ip",
    "requester",
    "request_id",
    "operation",
    "key",
    "request_uri",
    "http_status",
    "error_code",
    "bytes_sent",
    "object_size",
    "total_time",
    "turn_around_time",
    "referer",
    "user_agent",
    "version_id",
    "host_id",
    "signature_version",
    "cipher_suite",
    "authentication_type",
    "host_header",
    "tls_version",
    "access_point_arn",
    "acl_required",
]


class AwsAccess(LineReader):
    """Access logs of AWS load balancers and S3 buckets.

    Watch: delivered in many small files, some minutes or hours late and without a promise that all come.
    """

    name = "aws_access"

    def fits(self, line: str) -> bool:
        """One of the three beginnings."""
        return bool(_ALB.match(line) or _ELB.match(line) or _S3.match(line))

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one request."""
        return _told


def _told(line: str) -> Told | str:
    if _S3.match(line):
        return Told("aws_s3_access", _s3(line))
    names = _ALB_NAMES if _ALB.match(line) else _ELB_NAMES if _ELB.match(line) else None
    if names is None:
        return "no request of a load balancer or a bucket"
    row = _cells(line, names)
    for name in ("client", "target"):
        host, _, port = str(row.pop(f"{name}:port", None) or "").rpartition(":")
        row |= {f"{name}_ip": host or None, f"{name}_port": port or None}
    return Told("aws_elb_access", row | request(row.get("request")))


def _s3(line: str) -> Row:
    row = _cells(line, _S3_NAMES)
    found = re.search(TIME, line)
    row["time"] = stamp(*found.groups()) if found else None
    return row | request(row.get("request_uri"))


def _cells(line: str, names: list[str]) -> Row:
    cells = (said(quoted or bracketed or plain) for quoted, bracketed, plain in _CELL.findall(line))
    return dict(zip(names, cells, strict=False))
