"""Connections from one address to one port of another, made from network_flow.

Each stands by itself; where several logs saw them, or a log knows packets alone, those of an hour are
summed. The initiator is the source: where a log only knows packets, the half that comes from a service's
port is the answer. Where several logs saw the same connections, the log that saw most counts. It has no OCSF
class: it is a view of Network Activity (4001).
"""

from __future__ import annotations

from collections.abc import Collection

from sakimori.tables.table import Column, Table

TRAFFIC = Table(
    name="traffic",
    columns=(
        Column("source", "text", "address of who began"),
        Column("destination", "text", "address of who was called"),
        Column("port", "integer", "port that was called"),
        Column("protocol", "text", "tcp, udp, icmp"),
        Column(
            "direction", "text", "outbound, inbound, internal, external (neither is ours), local (multicast)"
        ),
        Column("destination_host", "text", "name of who was called, where a log knows it"),
        Column("flows", "integer", "connections"),
        Column("reached", "integer", "connections that the other side answered, or that nothing says failed"),
        Column("bytes_out", "integer", "bytes from source to destination"),
        Column("bytes_in", "integer", "bytes back"),
        Column("last_seen", "integer", "beginning of the last of them, in microseconds"),
    ),
)
# Logs that count packets from one address to another and do not know who began.
ONE_WAY = (
    "aws_vpc_flow",
    "gcp_vpc_flow",
    "goflow2_flow",
    "nfdump_csv",
    "nfdump_csv_short",
    "nfdump_flow",
    "pmacct_flow",
    "suricata_netflow",
)
EPHEMERAL = 32768  # https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html ip_local_port_range
_SERVICES = "(1433, 1521, 3268, 3306, 3389, 5432, 5900, 5985, 5986, 6379, 8080, 8443, 9200, 27017)"
# RFC 1918, RFC 6598, RFC 4193; the ranges for documentation are not among them.
_PRIVATE = (
    r"^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|"
    r"[fF][cdCD][0-9a-fA-F]{2}:)"
)
# RFC 5771, RFC 3927, RFC 4291: groups, links, the machine itself.
_LOCAL = r"^(22[4-9]\.|23\d\.|255\.|169\.254\.|127\.|0\.|[fF][fF]|[fF][eE][89abAB]|::1?$)"
# Zeek's words for an attempt nobody answered, and firewalls' for what they stopped. REJ is Zeek's own:
# https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html
_FAILED = (
    "state IN ('S0', 'REJ', 'SH', 'SHR', 'RSTOS0', 'RSTRH') OR "
    "regexp_matches(state, '(?i)deny|denied|drop|block|reject|reset-both|^D$')"
)


def traffic_view(one_way: Collection[str], logs: int) -> str:
    """`traffic` as a view over network_flow; `one_way` are those of ONE_WAY among the `logs` that feed it."""
    return f"CREATE VIEW traffic AS {traffic_sql(one_way, logs)}"


def traffic_sql(one_way: Collection[str], logs: int) -> str:
    """The rows of `traffic`. What the case does not hold (several logs, packets alone) is not asked for."""
    rows = _ROWS.format(turned=_turned(one_way))
    if logs > 1 or one_way:
        rows = _SUMMED.format(rows=rows)
    if logs > 1:
        rows = _MOST.format(rows=rows)
    return _TOLD.format(rows=rows, local=_LOCAL, private=_PRIVATE)


def _turned(one_way: Collection[str]) -> str:
    if not one_way:
        return "false"
    names = ", ".join(f"'{name}'" for name in sorted(one_way))
    return (
        f"log IN ({names}) AND destination_port >= {EPHEMERAL} "
        f"AND (source_port < 1024 OR source_port IN {_SERVICES}) AND protocol IN ('tcp', 'udp')"
    )


_ROWS = (
    """
SELECT CASE WHEN turned THEN destination_address ELSE source_address END AS source,
  CASE WHEN turned THEN source_address ELSE destination_address END AS destination,
  CASE WHEN turned THEN source_port ELSE destination_port END AS port,
  CASE WHEN NOT turned THEN way WHEN way = 'outbound' THEN 'inbound' WHEN way = 'inbound' THEN 'outbound'
    ELSE way END AS way,
  CASE WHEN turned THEN bytes_in ELSE bytes_out END AS bytes_out,
  CASE WHEN turned THEN bytes_out ELSE bytes_in END AS bytes_in,
  protocol, log, destination_host, turned, CASE WHEN failed THEN 0 ELSE 1 END AS reached, 1 AS flows,
  clock, clock AS last_seen
FROM (SELECT clock, log, protocol, direction AS way, bytes_out, bytes_in, source_address, source_port,
    destination_address, destination_port, destination_host,
    coalesce({turned}, false) AS turned, coalesce("""
    + _FAILED
    + """, false) AS failed
  FROM network_flow
  WHERE source_address IS NOT NULL AND destination_address IS NOT NULL AND clock IS NOT NULL)
"""
)
# A connection of which both halves stand in the log is one.
_SUMMED = """
SELECT source, destination, port, protocol, log, max(way) AS way, max(destination_host) AS destination_host,
  sum(bytes_out) AS bytes_out, sum(bytes_in) AS bytes_in, min(clock) AS clock, max(clock) AS last_seen,
  greatest(count(*) FILTER (WHERE NOT turned), count(*) FILTER (WHERE turned)) AS flows,
  least(sum(reached), greatest(count(*) FILTER (WHERE NOT turned), count(*) FILTER (WHERE turned))) AS reached
FROM ({rows}) GROUP BY source, destination, port, protocol, log, clock // 3600000000
"""
# What two logs saw of the same connections is told by the one that counted more.
_MOST = """
SELECT * FROM ({rows}) QUALIFY row_number() OVER (
  PARTITION BY source, destination, port, protocol, clock // 3600000000
  ORDER BY coalesce(bytes_out, -1) DESC, flows DESC, log) = 1
"""
_TOLD = """
SELECT source, destination, port, protocol,
  CASE WHEN regexp_matches(destination, '{local}') THEN 'local'
    WHEN NOT own AND regexp_matches(source, '{local}') THEN 'local'
    WHEN own THEN CASE WHEN theirs THEN 'internal' ELSE 'outbound' END
    WHEN theirs THEN 'inbound' ELSE 'external' END AS direction,
  destination_host, flows::BIGINT AS flows, reached::BIGINT AS reached, bytes_out::BIGINT AS bytes_out,
  bytes_in::BIGINT AS bytes_in, last_seen, clock, log, NULL::VARCHAR AS segment, NULL::BIGINT AS member,
  NULL::BIGINT AS record, NULL::BIGINT AS "offset"
FROM (SELECT *,
    starts_with(source, '10.') OR coalesce(way IN ('outbound', 'internal'), false)
      OR regexp_matches(source, '{private}') AS own,
    starts_with(destination, '10.') OR coalesce(way IN ('inbound', 'internal'), false)
      OR regexp_matches(destination, '{private}') AS theirs
  FROM ({rows}))
"""
