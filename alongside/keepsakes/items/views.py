"""One keepsake: to look at, to write in, to show, to move, to let go and to bring back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alongside import ids
from alongside.accounts import fresh
from alongside.accounts.doors import signed_in
from alongside.keepsakes import days, shown
from alongside.keepsakes.erasing import Gone, bring_memory_back, let_go_of_memory
from alongside.keepsakes.items import desk
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory
from alongside.keepsakes.people import Circle
from alongside.keepsakes.writing import WrittenMeanwhile
from alongside.pacing.bucket import WRITING, paced
from alongside.request_reader import ReaderRequest, device_of, gives_back
from alongside.request_safety import from_our_pages
