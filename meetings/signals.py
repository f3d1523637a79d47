"""The one signal by which rooms above hear of a change.

`record_changed` is sent inside the transaction of the operation that changed the record, with
`record` (the saved instance; after `remove` its row is gone), `action` (the verb, a str) and `by` (the acting
person or None). A receiver that raises rolls the operation back.
"""

from django.dispatch import Signal

record_changed = Signal()
