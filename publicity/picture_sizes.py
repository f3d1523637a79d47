"""The sizes in which public pages show pictures: their specifications for Wagtail, in one place.

Templates name a size (`{% picture … "list" as … %}`). `Picture.make_renditions` makes all of them when a picture is
saved, so that no reader waits for them.
"""

SIZES = {
    "list": "fill-960x540|format-webp",  # a cover in a list of news
    "cover": "max-1200x900|format-webp",  # a cover above its article
    "share": "fill-1200x630|format-jpeg",  # a cover in Open Graph data
    "body": "max-1200x1200|format-webp",  # a picture in the text of a page
    "mark": "height-64",  # the mark of the office at the head of each page
}
