"""Whose sheet it is: it is found for its writer, or for the device that keeps it, and for nobody else (V1)."""

from __future__ import annotations

import uuid

from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.sheets.device import Device
from alongside.sheets.models import Sheet


def find(account: Account | None, device: Device | None, pk: uuid.UUID, *, gone_too: bool = False) -> Sheet | None:
    """Return a sheet of whoever asks: an account's own, or without one this device's."""
    if account is None:
        return of_device(device, pk, gone_too=gone_too)
    return Sheet.objects.written_by(account, gone_too=gone_too).filter(pk=pk).first()


def of_device(device: Device | None, pk: uuid.UUID, *, gone_too: bool = False) -> Sheet | None:
    """Return a sheet that this device keeps, to be opened with its cookie."""
    if device is None:
        return None
    with acting_for(device.viewer):
        found = Sheet.objects.kept_for(device, gone_too=gone_too).filter(pk=pk).first()
    if found is not None:
        found.device = device
    return found


def find_anywhere(account: Account | None, device: Device | None, pk: uuid.UUID) -> Sheet | None:
    """Return a sheet of the account or of the device, let go of or not."""
    return find(account, device, pk, gone_too=True) or of_device(device, pk, gone_too=True)
