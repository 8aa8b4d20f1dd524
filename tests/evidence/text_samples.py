"""Two records of each text log that has a reader of its own."""

from __future__ import annotations

_SSH = "sshd[7]: Accepted publickey for mori from 192.0.2.7 port 5 ssh2"
_REQUEST = '192.0.2.7 - - [02/Mar/2026:09:12:00 +0900] "GET /a?b=1 HTTP/1.1" 200 17 "-" "curl/8.0"'
_JOURNAL = '{"__REALTIME_TIMESTAMP": "1772410320123456", "_HOSTNAME": "db01", "MESSAGE": "text"}'
_AUDIT = 'type=CWD msg=audit(1772410320.123:7): cwd="/home/mori"'
_SQUID = "1772410320.123     45 192.0.2.7 TCP_MISS/200 9 GET http://example.com/ - NONE/- -"
_BALANCER = (
    "2026-03-02T00:12:01.123456Z lb 192.0.2.7:2817 192.0.2.41:80 0.1 0.1 0.1 200 200 0 29"
    ' "GET http://example.com:80/ HTTP/1.1" "curl/8.0" - -'
)
_LEASE = "10,03/02/26,09:12:00,Assign,192.0.2.50,ws01.example.com,080027AABBCC,,1,0"
TEXT_SAMPLES = {
    "journald_json": f"{_JOURNAL}\n{_JOURNAL}\n".encode(),
    "auditd": f"{_AUDIT}\n{_AUDIT}\n".encode(),
    "w3c_extended": (
        "#Fields: date time cs-method cs-uri-stem c-ip\n"
        + "2026-03-02 00:12:00 GET / 192.0.2.7\n" * 2
    ).encode(),
    "aws_access": f"{_BALANCER}\n{_BALANCER}\n".encode(),
    "squid": f"{_SQUID}\n{_SQUID}\n".encode(),
    "web_access": f"{_REQUEST}\n{_REQUEST}\n".encode(),
    "web_error": b"2026/03/02 09:12:00 [error] 31#31: *7 open() failed, client: 192.0.2.7\n" * 2,
    "build_servers": b"[2026-03-02 09:12:00,123]   INFO - jetbrains.buildServer.SERVER - started\n" * 2,
    "windows_dhcp": f"ID,Date,Time,Description,IP Address,Host Name\n{_LEASE}\n{_LEASE}\n".encode(),
    "daemon_files": b'Mon Mar  2 09:12:00 2026 [pid 2] CONNECT: Client "192.0.2.7"\n' * 2,
    "syslog": f"Mar  2 09:12:00 db01 {_SSH}\n2026-03-02T09:12:00.123456+09:00 db01 {_SSH}\n".encode(),
}  # fmt: skip
