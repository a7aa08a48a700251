"""Documents and spreadsheets in and out; formats that need other packages come as extras."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_ops.io.documents import dump, dumps, load, loads
from community_ops.kernel.late import late_names

if TYPE_CHECKING:
    from community_ops.io.comings import Event
    from community_ops.io.ical import write_ical
    from community_ops.io.import_rules import sheet_rules
    from community_ops.io.mspdi.reading import read_mspdi
    from community_ops.io.mspdi.writing import write_mspdi
    from community_ops.io.oddities import SheetSource
    from community_ops.io.plan_files import plan_rules
    from community_ops.io.posts_csv import read_posts_csv
    from community_ops.io.posts_out import write_posts_csv
    from community_ops.io.snapshots import Snapshot, read_snapshots
    from community_ops.io.tasks_csv import read_tasks_csv
    from community_ops.io.tasks_out import write_tasks_csv
    from community_ops.io.workbook import read_posts_excel
    from community_ops.kernel.late import Lister, Loader

_HOME = {
    "Event": "comings",
    "SheetSource": "oddities",
    "Snapshot": "snapshots",
    "plan_rules": "plan_files",
    "read_mspdi": "mspdi.reading",
    "read_posts_csv": "posts_csv",
    "read_posts_excel": "workbook",
    "read_snapshots": "snapshots",
    "read_tasks_csv": "tasks_csv",
    "sheet_rules": "import_rules",
    "write_ical": "ical",
    "write_mspdi": "mspdi.writing",
    "write_posts_csv": "posts_out",
    "write_tasks_csv": "tasks_out",
}

__all__ = [
    "Event",
    "SheetSource",
    "Snapshot",
    "dump",
    "dumps",
    "load",
    "loads",
    "plan_rules",
    "read_mspdi",
    "read_posts_csv",
    "read_posts_excel",
    "read_snapshots",
    "read_tasks_csv",
    "sheet_rules",
    "write_ical",
    "write_mspdi",
    "write_posts_csv",
    "write_tasks_csv",
]

__getattr__: Loader
__dir__: Lister
__getattr__, __dir__ = late_names(__name__, _HOME, __all__)
