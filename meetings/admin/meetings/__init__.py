"""Meetings: list, form, workspace, agenda, attendance and follow-up."""
