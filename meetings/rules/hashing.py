"""The content hash: SHA-256 of canonical JSON."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder


def digest(content: object) -> str:
    """Return the SHA-256, 64 hex digits, of JSON-serialisable content, independent of the order of keys."""
    text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
