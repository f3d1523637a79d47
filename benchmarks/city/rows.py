"""Writing many rows at once, and values that all makers need.

- `insert(rows)`: write new rows of one model.
- `Chance`: a random generator with the choices that the makers use.
- `moment(day)`: nine o'clock of a day.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from django.db.models import Model
from django.utils import timezone

from benchmarks import vocabulary

M = TypeVar("M", bound=Model)
BATCH = 2000
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂文建国华红春梅志新成林"


def insert(rows: Sequence[M]) -> list[M]:
    """Write new rows, which get their keys."""
    if not rows:
        return []
    made: list[M] = type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)
    return made


def moment(day: date, hour: int = 9) -> datetime:
    """Return a full hour of a day in the current time zone."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


class Chance(Random):
    """A random generator with the texts of the records."""

    def happens(self, probability: float) -> bool:
        """Return True with this probability."""
        return self.random() < probability

    def name(self) -> str:
        """Return the name of a person."""
        return self.choice(SURNAMES) + "".join(self.choices(GIVEN, k=self.randint(1, 2)))

    def matter(self) -> str:
        """Return a title of about 17 characters."""
        words = self.choice(vocabulary.ACTIONS), self.choice(vocabulary.MATTERS), self.choice(vocabulary.ENDINGS)
        return "".join(words)

    def sentences(self, number: int, *, lead: str, other: str, day: date, place: str) -> str:
        """Return a text of some sentences about what which department has to do."""
        values = {"department": lead, "other": other, "place": place, "year": day.year}
        chosen = self.sample(vocabulary.ORDERS, number)
        return "".join(self._sentence(each, values) for each in chosen)

    def _sentence(self, template: str, values: dict[str, object]) -> str:
        figures = {"month": self.randint(1, 12), "money": self.randint(5, 500), "number": self.randint(1, 199)}
        figures |= {"days": self.randint(2, 15), "people": self.randint(3, 900)}
        text = template.format(
            **values, **figures, matter=self.choice(vocabulary.MATTERS), sign=self.choice(vocabulary.SIGNS)
        )
        return f"{text}。"

    def day_between(self, first: date, last: date) -> date:
        """Return a day of a period; the first one if the period is empty."""
        return first + timedelta(days=self.randint(0, max(0, (last - first).days)))
