"""Add the conference to the stored department tokens, so that liaisons of a conference find its records at once.

Readers with a post of a conference no longer have the former tokens: without this migration they would find nothing
until the index is repaired. The checksums stay those of the former documents, so `search_check` still names these
documents as stale, and `search_check --repair` stores them anew and sends them to Elasticsearch.
"""

from itertools import product
from typing import Any

from django.db import migrations

CONFERENCE, DEPARTMENT, BOTH = "conference:", "department:", "both:"


def renewed(tokens: set[str]) -> set[str]:
    """Return the tokens of a record of one conference, as `meetings.queries.visibility` defines them since."""
    places = [token.removeprefix(CONFERENCE) for token in tokens if token.startswith(CONFERENCE)]
    if len(places) != 1:
        return tokens
    [place] = places
    found = {token for token in tokens if not token.startswith(BOTH)}
    for token in tokens:
        if token.startswith(DEPARTMENT) and "@" not in token:
            found.add(f"{token}@{place}")
        elif token.startswith(BOTH):
            one, other = token.removeprefix(BOTH).split("+")
            for pair in product((one, f"{one}@{place}"), (other, f"{other}@{place}")):
                found.add(BOTH + "+".join(sorted(pair)))
    return found


def forwards(apps: Any, schema_editor: Any) -> None:
    """Renew each stored set of tokens."""
    audiences = apps.get_model("search", "SearchAudience").objects
    for audience in audiences.iterator():
        tokens = " ".join(sorted(renewed(set(audience.tokens.split()))))
        if tokens != audience.tokens:
            audiences.filter(pk=audience.pk).update(tokens=tokens)


class Migration(migrations.Migration):
    dependencies = [("search", "0004_elasticsearch")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
