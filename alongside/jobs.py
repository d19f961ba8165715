"""Everything that is done later or by night. Arguments are ids only; correctness never waits for a job.

A door: it may open onto any package. Behind it stands procrastinate, in the same PostgreSQL.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from alongside.accounts.models import Block, forget_former_addresses
from alongside.accounts.models.code import forget_codes
from alongside.accounts.models.sign_in import forget_sign_ins
from alongside.backup import keys, stored
from alongside.keepsakes import erasing, leaving
from alongside.keepsakes.models import Erasure
from alongside.keepsakes.uploads.pieces import remove_upload
from alongside.matching import index
from alongside.pacing import bucket
from alongside.sheets.models import remove_sheet
from alongside.stories.erasing import remove_story


@app.periodic(cron="* * * * *")
@app.task(name="index_missing", queueing_lock="index_missing", pass_context=False)
def index_missing(timestamp: int) -> None:
    """Give every story that may be found its index row: new ones, and all of them after a crash."""
    while index.add_missing(limit=200):
        pass


@app.periodic(cron="* * * * *")
@app.task(name="finish_erasures", queueing_lock="finish_erasures")
def finish_erasures(timestamp: int) -> None:
    """Destroy the keys of what was let go of and is due, and remove its rows (L1)."""
    leaving.hand_over_due(timezone.now())
    kinds = Erasure.Kind
    remove = {**erasing.REMOVE, kinds.SHEET: remove_sheet, kinds.UPLOAD: remove_upload, kinds.STORY: remove_story}
    while erasing.finish_due(timezone.now(), remove):
        pass


@app.periodic(cron="40 3 * * *")
@app.task(name="rewrite_index", queueing_lock="rewrite_index")
def rewrite_index(timestamp: int) -> None:
    """Write the index's file anew, so that deleted words leave the disk too (SECURITY 0.4)."""
    index.rewrite()


@app.periodic(cron="20 * * * *")
@app.task(name="forget_sign_ins", queueing_lock="forget_sign_ins")
def forget_old_codes_and_sign_ins(timestamp: int) -> None:
    """Forget mailed codes an hour after they were made, and sign-ins whose sessions are over."""
    now = timezone.now()
    forget_codes(now - timedelta(hours=1))
    forget_sign_ins(now)
    forget_former_addresses(now)
    Block.objects.forget_lifted(now)


@app.periodic(cron="50 4 * * *")
@app.task(name="sweep_unnamed_keys", queueing_lock="sweep_unnamed_keys")
def sweep_unnamed_keys(timestamp: int) -> None:
    """Destroy keys that a crash left without a row, a day later (SECURITY 3.3)."""
    keys.sweep_unnamed_keys(timezone.now())


@app.periodic(cron="5 5 * * *")
@app.task(name="sweep_unnamed_objects", queueing_lock="sweep_unnamed_objects")
def sweep_unnamed_objects(timestamp: int) -> None:
    """Delete objects that a crash left without a row, a day later (S16)."""
    stored.sweep_unnamed_objects(timezone.now())


@app.periodic(cron="10 4 * * *")
@app.task(name="forget_paces", queueing_lock="forget_paces")
def forget_paces(timestamp: int) -> None:
    """Forget who came how often: yesterday's keys mean nothing any more."""
    bucket.forget(timezone.now() - timedelta(days=1))


@app.periodic(cron="*/5 * * * *")
@app.task(name="rescue_stalled", queueing_lock="rescue_stalled")
async def rescue_stalled(timestamp: int) -> None:
    """Give jobs of a worker that died back to the queue."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await app.job_manager.retry_job(job)
