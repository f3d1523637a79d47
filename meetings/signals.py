"""The signal that tells other apps that a record has changed.

`record_changed` is sent inside the transaction of the operation that changed the record. Its arguments are `record`
(the saved instance; after `remove` its row no longer exists), `action` (the verb, a str) and `by` (the acting person or
None). An exception in a receiver rolls the operation back.
"""

from django.dispatch import Signal

record_changed = Signal()
