"""Models of topics (议题) and the departments' opinions on them (`Y 2(1)(2)`, `C 5(1)`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.enums import Side, TopicState, Verdict
from meetings.models.base import Record
from meetings.models.conference import JointConference
from meetings.models.people import Department, Person
from meetings.models.regulation import RegulationAdoption, TopicCategory


class Topic(Record):
    """A proposal with its research; the regulation in force on the day of its submission applies (`adoption`)."""

    conference = models.ForeignKey(
        JointConference, models.PROTECT, related_name="topics", verbose_name=_("joint conference")
    )
    adoption = models.ForeignKey(
        RegulationAdoption, models.PROTECT, related_name="topics", verbose_name=_("regulation in force"), editable=False
    )
    side = models.CharField(_("proposed by the side"), max_length=20, choices=Side.choices[:2])
    proposer = models.ForeignKey(
        Department, models.PROTECT, related_name="proposed_topics", verbose_name=_("proposing department")
    )
    category = models.ForeignKey(TopicCategory, models.PROTECT, related_name="topics", verbose_name=_("category"))
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("proposal"), help_text=_("What is asked for, and why."))
    research = models.TextField(_("research report"), blank=True, help_text=_("What was found, where and when."))
    joint_research = models.TextField(_("joint research"), blank=True)
    proposal_report = models.TextField(_("proposal report"), blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=TopicState.choices, default=TopicState.DRAFT, editable=False
    )
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True, editable=False)
    return_reason = models.TextField(_("reason of the return"), blank=True, editable=False)
    created_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("entered by"), null=True, editable=False
    )

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class Opinion(models.Model):
    """The opinion of a department on a topic. An objection stays open until it is changed or overridden."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="opinions", verbose_name=_("topic"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="opinions", verbose_name=_("department"))
    verdict = models.CharField(_("opinion"), max_length=20, choices=Verdict.choices, default=Verdict.PENDING)
    text = models.TextField(_("text"), blank=True)
    asked_on = models.DateField(_("asked on"))
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("given by"))
    given_on = models.DateField(_("given on"), null=True, blank=True)
    override_reason = models.TextField(_("reason of the override"), blank=True)
    overridden_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("overridden by")
    )

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["topic", "department__order", "pk"]
        constraints = [models.UniqueConstraint(fields=["topic", "department"], name="opinion_once")]

    def __str__(self) -> str:
        return f"{self.department}：{self.get_verdict_display()}"

    @property
    def is_open_objection(self) -> bool:
        """Whether the department objects and nobody has overridden the objection with a reason."""
        return self.verdict == Verdict.OBJECT and not self.override_reason
