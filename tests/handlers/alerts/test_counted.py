"""What of an event came to the message of an alert that rings once for it."""

from typing import Any

import pytest

from handlers.alerts.counted import read_counted
from storage.connection import Database
from storage.document import Channel
from storage.documents import documents
from storage.render_payloads import nothing
