"""Elasticsearch engine, for installations that need more than one database.

Elasticsearch returns the matching ids, their order and the facet counts. Texts, highlights and the check of visibility
come from the portal's own database, as with the embedded engine. Changes that Elasticsearch does not have yet are
merged into its answer, so every engine returns the same result at any moment.

- `client`: the connection. `mapping`: the index schema. `outbox_worker`, `index_build`: indexing.
- `requests`, `pending_changes`, `engine`: searching. `circuit_breaker`: fallback while Elasticsearch does not answer.
"""
