"""What records mean: one table a file, and views that fill them from logs."""

from sakimori.tables.account import ACCOUNT
from sakimori.tables.account_change import ACCOUNT_CHANGE
from sakimori.tables.address_lease import ADDRESS_LEASE
from sakimori.tables.alert import ALERT
from sakimori.tables.api_activity import API_ACTIVITY
from sakimori.tables.clock_change import CLOCK_CHANGE
from sakimori.tables.device import DEVICE
from sakimori.tables.dns_query import DNS_QUERY
from sakimori.tables.download import DOWNLOAD
from sakimori.tables.file import FILE
from sakimori.tables.file_event import FILE_EVENT
from sakimori.tables.http_request import HTTP_REQUEST
from sakimori.tables.image_load import IMAGE_LOAD
from sakimori.tables.log_cleared import LOG_CLEARED
from sakimori.tables.mail_trace import MAIL_TRACE
from sakimori.tables.network_flow import NETWORK_FLOW
from sakimori.tables.numbered_event import NUMBERED_EVENT
from sakimori.tables.payment import PAYMENT
from sakimori.tables.permission_grant import PERMISSION_GRANT
from sakimori.tables.persistence import PERSISTENCE
from sakimori.tables.process import PROCESS
from sakimori.tables.process_access import PROCESS_ACCESS
from sakimori.tables.program_execution import PROGRAM_EXECUTION
from sakimori.tables.registry_event import REGISTRY_EVENT
from sakimori.tables.registry_value import REGISTRY_VALUE
from sakimori.tables.repository_event import REPOSITORY_EVENT
from sakimori.tables.scheduled_job import SCHEDULED_JOB
from sakimori.tables.script import SCRIPT
from sakimori.tables.service import SERVICE
from sakimori.tables.sign_in import SIGN_IN
from sakimori.tables.software import SOFTWARE
from sakimori.tables.table import Column, Table
from sakimori.tables.tls_handshake import TLS_HANDSHAKE
from sakimori.tables.traffic import TRAFFIC
from sakimori.tables.unread import UNREAD
from sakimori.tables.usb_device import USB_DEVICE
from sakimori.tables.web_visit import WEB_VISIT

__all__ = ["TABLES", "Column", "Table"]

TABLES = {
    table.name: table
    for table in (
        PROCESS,
        NETWORK_FLOW,
        TRAFFIC,
        DNS_QUERY,
        HTTP_REQUEST,
        TLS_HANDSHAKE,
        SIGN_IN,
        FILE,
        FILE_EVENT,
        REGISTRY_EVENT,
        REGISTRY_VALUE,
        IMAGE_LOAD,
        PROCESS_ACCESS,
        SERVICE,
        SCHEDULED_JOB,
        SCRIPT,
        API_ACTIVITY,
        ACCOUNT_CHANGE,
        ACCOUNT,
        DEVICE,
        ADDRESS_LEASE,
        MAIL_TRACE,
        REPOSITORY_EVENT,
        PROGRAM_EXECUTION,
        PERSISTENCE,
        DOWNLOAD,
        WEB_VISIT,
        SOFTWARE,
        PERMISSION_GRANT,
        USB_DEVICE,
        ALERT,
        PAYMENT,
        NUMBERED_EVENT,
        LOG_CLEARED,
        CLOCK_CHANGE,
        UNREAD,
    )
}
