"""Meetings: list, form, page, agenda, attendance and follow-up."""
