"""One way to make a content hash: canonical JSON, SHA-256."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def digest(content: Any) -> str:
    """The SHA-256 (64 hex digits) of a JSON-able content, independent of the order of keys."""
    text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
