"""Topics as documents for staff."""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from meetings.models import Opinion, Topic
from search.document import Choice, Document
from search.sources.record_source import RecordSource
from search.sources.values import (
    as_choices,
    category_choice,
    conference_choice,
    conference_fields,
    department_fields,
    names_of,
    stage_choice,
)


class TopicSource(RecordSource[Topic]):
    """Topics with their research, opinions and proposal report."""

    name, model = "topic", Topic

    def rows(self) -> QuerySet[Topic]:
        opinions = Opinion.objects.select_related("department__successor__successor")
        opinions = opinions.only("topic", "text", "override_reason", *department_fields("department"))
        rows = Topic.objects.select_related("conference", "proposer__successor__successor", "category")
        return rows.prefetch_related(Prefetch("opinions", opinions)).only(
            *("title", "text", "research", "joint_research", "proposal_report", "return_reason", "state"),
            *("submitted_on", "category__title", "category__clause", "category__facet"),
            *(*conference_fields("conference"), *department_fields("proposer")),
        )

    def document(self, row: Topic, tokens: frozenset[str]) -> Document:
        """Return the document of a topic. A draft has no day yet."""
        opinions = row.opinions.all()
        consulted = [opinion.department for opinion in opinions]
        return Document(
            key=self.key(row.pk),
            kind=Choice("topic", _("Topic")),
            number=row.pk,
            title=row.title,
            texts=(
                *(row.text, row.research, row.joint_research, row.proposal_report, row.return_reason),
                *(text for opinion in opinions for text in (opinion.text, opinion.override_reason)),
            ),
            keywords=(
                *(name for department in (row.proposer, *consulted) for name in names_of(department)),
                *(row.category.title, row.category.clause, row.conference.name),
            ),
            day=row.submitted_on,
            url="",
            tokens=tokens,
            facets={
                "conference": (conference_choice(row.conference),),
                "department": as_choices([row.proposer.name]),
                "stage": (stage_choice(row),),
                "category": (category_choice(row.category.facet),),
            },
            data={
                "record": row.pk,
                "place": row.conference.short_name,
                "who": row.proposer.name,
                "stage": row.state,
            },
        )
