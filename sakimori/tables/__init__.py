"""What records mean: one table a file, and views that fill them from logs."""

from sakimori.tables.dns_query import DNS_QUERY
from sakimori.tables.file_event import FILE_EVENT
from sakimori.tables.http_request import HTTP_REQUEST
from sakimori.tables.image_load import IMAGE_LOAD
from sakimori.tables.network_flow import NETWORK_FLOW
from sakimori.tables.numbered_event import NUMBERED_EVENT
from sakimori.tables.process import PROCESS
from sakimori.tables.process_access import PROCESS_ACCESS
from sakimori.tables.registry_event import REGISTRY_EVENT
from sakimori.tables.scheduled_job import SCHEDULED_JOB
from sakimori.tables.script import SCRIPT
from sakimori.tables.service import SERVICE
from sakimori.tables.sign_in import SIGN_IN
from sakimori.tables.table import Column, Table
from sakimori.tables.unread import UNREAD

__all__ = ["TABLES", "Column", "Table"]

TABLES = {
    table.name: table
    for table in (
        PROCESS,
        NETWORK_FLOW,
        DNS_QUERY,
        HTTP_REQUEST,
        SIGN_IN,
        FILE_EVENT,
        REGISTRY_EVENT,
        IMAGE_LOAD,
        PROCESS_ACCESS,
        SERVICE,
        SCHEDULED_JOB,
        SCRIPT,
        NUMBERED_EVENT,
        UNREAD,
    )
}
