"""Without a PostgreSQL of the machine's own there is nothing to run once more (bin/test looks for one)."""

import os

collect_ignore = [] if os.environ.get("ALONGSIDE_SYSTEM_POSTGRES") else ["test_run_on_a_system_postgresql.py"]
