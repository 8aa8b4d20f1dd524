"""The definition of a scheduled task, as Windows keeps and reports it."""

from __future__ import annotations

from xml.sax.saxutils import escape


def task_content(author: str, name: str, command: str, arguments: str) -> str:
    """The task as XML, https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema."""
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\r\n'
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\r\n'
        f"  <RegistrationInfo>\r\n    <Author>{escape(author)}</Author>\r\n    <URI>{escape(name)}</URI>\r\n"
        '  </RegistrationInfo>\r\n  <Actions Context="Author">\r\n    <Exec>\r\n'
        f"      <Command>{escape(command)}</Command>\r\n      <Arguments>{escape(arguments)}</Arguments>\r\n"
        "    </Exec>\r\n  </Actions>\r\n</Task>"
    )
