"""Signals that the models of the publicity send to modules above them."""

from django.dispatch import Signal

# Sent by a picture or document before it is saved or deleted, with `file` and `deleting`. A receiver may refuse.
# Django's own `pre_delete` would come too late: it is sent only after protected foreign keys were checked.
file_will_change = Signal()
