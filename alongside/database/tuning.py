"""The embedded server's settings. They stand on its command line, where no file overrides them."""

from __future__ import annotations

import os
from pathlib import Path

_MB = 1024 * 1024

# Words must not end in the server's log (S1): no statements, no errors (an error message quotes the value it
# is about; the program that asked receives it), no DETAIL lines, no parameters.
_SILENT = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_timezone": "UTC",
}
_REACH = {"listen_addresses": "", "port": "5432", "unix_socket_permissions": "0700"}
# Throw-away data: a power cut may lose all of it.
_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
}


def settings(socket_folder: Path, *, fast: bool) -> dict[str, str]:
    """Return the server's settings; memory after this machine's, ``fast`` for data that may be lost."""
    quoted = '"' + str(socket_folder).replace('"', '""') + '"'
    chosen = _SILENT | _REACH | {"unix_socket_directories": quoted, "timezone": "UTC"} | _memory()
    return chosen | _FAST if fast else chosen


def _memory() -> dict[str, str]:
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _MB
    return {
        "shared_buffers": f"{min(max(total // 8, 64), 2048)}MB",
        "effective_cache_size": f"{max(total // 2, 128)}MB",
        "work_mem": f"{min(max(total // 256, 4), 32)}MB",
        "maintenance_work_mem": f"{min(max(total // 16, 64), 1024)}MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "wal_compression": "pglz",
    }
