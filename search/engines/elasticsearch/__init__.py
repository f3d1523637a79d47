"""Elasticsearch behind the contract: for those who outgrow one database.

It answers which documents match, in which order, and how they divide; texts, highlights and rights of what is shown
come from the portal's own database, as with the embedded engine. What it does not know yet is laid over its answer, so
that every engine says the same at any moment.

- `client`: the connection. `mapping`: what is kept. `delivery`, `building`, `comparing`: how it is kept.
- `asking`, `overlay`, `engine`: how it is asked. `guard`: what happens when it does not answer.
"""
