"""UsedInvitation: that somebody joined by an invitation of another package. One invitation opens joining once."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models

from alongside import ids


class UsedInvitation(models.Model):
    """The invitation's id and a time; who joined by it is not said."""

    id = models.UUIDField(primary_key=True, editable=False)
    used_at = models.DateTimeField()

    objects: ClassVar[models.Manager[UsedInvitation]] = models.Manager()

    def __str__(self) -> str:
        return f"UsedInvitation {ids.show(self.pk)}"

    @classmethod
    def use(cls, invitation: uuid.UUID, now: datetime) -> bool:
        """Use it up; False when somebody has joined by it already."""
        return cls.objects.get_or_create(pk=invitation, defaults={"used_at": now})[1]
