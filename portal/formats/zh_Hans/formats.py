"""Accepted input formats of dates and times: Django's Chinese ones contain codes that Python's strptime rejects."""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
DATETIME_INPUT_FORMATS = [
    *(f"{day} {time}" for day in DATE_INPUT_FORMATS for time in ("%H:%M", "%H:%M:%S", "%H时", "%H时%M分")),
    *(f"%Y年%m月%d日{time}" for time in ("%H:%M", "%H时", "%H时%M分")),
]
