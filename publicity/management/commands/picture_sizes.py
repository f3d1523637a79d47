"""Make the sizes of pictures that public pages show, where they are missing."""

from typing import Any

from django.core.management.base import BaseCommand
from wagtail.images.models import SourceImageIOError

from publicity.models import Picture
from publicity.picture_sizes import SIZES


class Command(BaseCommand):
    """Completes the renditions of all pictures, for those that an earlier version stored or a backup restored."""

    help = "Makes the sizes of pictures that public pages show, where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing; a picture whose file is missing or unreadable is named and left out."""
        made = 0
        for picture in Picture.objects.prefetch_related("renditions").order_by("pk").iterator(200):
            if set(SIZES.values()) <= {rendition.filter_spec for rendition in picture.renditions.all()}:
                continue
            try:
                picture.make_renditions()
                made += 1
            except (SourceImageIOError, OSError) as error:
                self.stdout.write(f"图片 {picture.pk} 无法处理：{error}")
        self.stdout.write(f"已为 {made} 张图片生成网页尺寸。" if made else "图片的网页尺寸齐全。")
