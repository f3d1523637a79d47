"""Models of minutes (会议纪要), number series, delegations and approvals (`Y 2(5)`, `C 5(4)`)."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.models import RevisionMixin

from meetings.date_format import date_range_text
from meetings.enums import ApprovalStep, Disclosure, Medium, MinutesState
from meetings.models.base import Record, Targeted, Versioned, exactly_one
from meetings.models.conference import JointConference
from meetings.models.meeting import Meeting
from meetings.models.people import Person, Post, Tenure
from meetings.models.regulation import RegulationAdoption
from meetings.models.topic import Topic


class Minutes(RevisionMixin, Record):
    """The minutes of a meeting: drafted from its data, approved by both sides, numbered, issued, then immutable."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes", verbose_name=_("meeting"))
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", editable=False
    )
    title = models.CharField(_("title"), max_length=160)
    body = RichTextField(_("text"), features=["h2", "h3", "bold", "ol", "ul"])
    disclosure = models.CharField(
        _("disclosure"), max_length=20, choices=Disclosure.choices, default=Disclosure.ON_REQUEST
    )
    disclosure_reason = models.CharField(_("reason of the disclosure"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=MinutesState.choices, default=MinutesState.DRAFT, editable=False
    )
    number = models.CharField(_("number"), max_length=60, blank=True, editable=False)
    serial = models.PositiveIntegerField(_("number in the series"), null=True, blank=True, editable=False)
    # The last text that the portal generated. A new draft is compared with it to find manual changes.
    drafted = models.TextField(blank=True, editable=False)
    # Copy of the approved content at the issue, with the names of that day. A correction may change the rows later.
    frozen = models.JSONField(null=True, blank=True, editable=False)
    hash = models.CharField(_("content hash"), max_length=64, blank=True, editable=False)
    sealed_at = models.DateTimeField(_("sealed at"), null=True, blank=True, editable=False)
    issued_on = models.DateField(_("issued on"), null=True, blank=True, editable=False)
    revisions = GenericRelation("wagtailcore.Revision", related_query_name="minutes")

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(corrects__isnull=True), name="minutes_once_per_meeting"
            ),
            # One correction at a time. Minutes that were corrected are not corrected again; their correction is.
            models.UniqueConstraint(fields=["corrects"], name="minutes_corrected_once"),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number="") & Q(serial__isnull=True), name="number_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=MinutesState.ISSUED) | (~Q(number="") & ~Q(hash="") & Q(issued_on__isnull=False)),
                name="issued_minutes_are_numbered_and_sealed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def conference(self) -> JointConference:
        """The conference of the meeting."""
        return self.meeting.conference

    @property
    def adoption(self) -> RegulationAdoption:
        """The rules that apply: those on the day of the meeting."""
        return self.meeting.adoption


class NumberSeries(models.Model):
    """The last allocated number of a conference's own series.

    Numbers are allocated under a lock, without gaps or duplicates.
    """

    conference = models.ForeignKey(JointConference, models.PROTECT, related_name="series")
    name = models.CharField(max_length=40)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["conference", "name"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.conference_id}/{self.name}: {self.last}"


class Delegation(Versioned):
    """Delegated signature (委托审签): one tenure may sign for another, from a day to a day, both inclusive.

    It counts only once it is confirmed: by the giver, at once if the giver entered it, or by another clerk.
    """

    tenure = models.ForeignKey(Tenure, models.PROTECT, related_name="delegations", verbose_name=_("delegated by"))
    to = models.ForeignKey(Tenure, models.PROTECT, related_name="delegated_to", verbose_name=_("delegated to"))
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("until"), help_text=_("The last day."))
    reason = models.CharField(_("reason"), max_length=200)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    at = models.DateTimeField(_("entered at"))
    confirmed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)

    class Meta:
        verbose_name = _("delegation of signature")
        verbose_name_plural = _("delegations of signature")
        ordering = ["-from_date", "-pk"]
        indexes = [models.Index(fields=["to_date"], name="delegation_by_end")]  # few have not ended
        constraints = [
            models.CheckConstraint(condition=Q(to_date__gte=F("from_date")), name="delegation_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(tenure=F("to")), name="nobody_delegates_to_the_same_post"),
        ]

    def __str__(self) -> str:
        values = {"giver": self.tenure.person, "deputy": self.to.person, "days": self.days}
        return gettext("%(giver)s lets %(deputy)s sign (%(days)s)") % values

    @property
    def conference(self) -> JointConference | None:
        """The conference of the post of the holder, if it has one."""
        return self.tenure.conference

    @property
    def days(self) -> str:
        """The period as text."""
        return date_range_text(self.from_date, self.to_date)

    @property
    def authority(self) -> str:
        """For whom the deputy signs, and on which days, as text: 受县长李某委托，2026年1月1日至15日."""
        giver = {"title": self.tenure.full_title, "name": self.tenure.person.name, "days": self.days}
        return gettext("on behalf of %(title)s %(name)s, %(days)s") % giver


def signer_text(title: str, name: str, authority: str) -> str:
    """Return the signer in one line: title, name, and the delegation (`Delegation.authority`) if there is one."""
    signer = f"{title} {name}"
    return gettext("%(who)s (%(authority)s)") % {"who": signer, "authority": authority} if authority else signer


class Approval(Targeted):
    """The approval of one content (identified by its hash) by the holder of one post.

    An approval is never deleted. When it no longer counts it is voided and stays visible.
    """

    TARGETS = ("topic", "meeting", "minutes", "report")

    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="approvals")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="approvals")
    minutes = models.ForeignKey(Minutes, models.PROTECT, null=True, related_name="approvals")
    report = models.ForeignKey("meetings.ProgressReport", models.PROTECT, null=True, related_name="approvals")
    step = models.CharField(_("step"), max_length=20, choices=ApprovalStep.choices)
    seat = models.CharField(_("seat"), max_length=40)
    post = models.ForeignKey(Post, models.PROTECT, related_name="approvals", verbose_name=_("post"))
    tenure = models.ForeignKey(Tenure, models.PROTECT, related_name="approvals", verbose_name=_("tenure"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="approvals", verbose_name=_("person"))
    hash = models.CharField(_("content hash"), max_length=64)
    opinion = models.CharField(_("opinion"), max_length=500, blank=True)
    medium = models.CharField(_("medium"), max_length=20, choices=Medium.choices, default=Medium.SCREEN)
    on = models.DateField(_("date"))
    at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="entered_approvals", verbose_name=_("entered by")
    )
    scan = models.ForeignKey(
        "meetings.Attachment", models.PROTECT, null=True, related_name="scan_of", verbose_name=_("scan")
    )
    delegation = models.ForeignKey(
        "meetings.Delegation", models.PROTECT, null=True, related_name="approvals", verbose_name=_("delegation")
    )
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    void_reason = models.CharField(_("reason of the voiding"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one("topic", "meeting", "minutes", "report"), name="approval_of_one_record"
            ),
            models.CheckConstraint(
                condition=Q(medium=Medium.SCREEN, entered_by__isnull=True, scan__isnull=True)
                | Q(medium=Medium.PAPER, entered_by__isnull=False, scan__isnull=False),
                name="paper_approval_names_who_entered_it",
            ),
            *(
                models.UniqueConstraint(
                    fields=[target, "step", what],
                    condition=Q(voided_at__isnull=True, **{f"{target}__isnull": False}),
                    name=f"approval_{target}_{what}_once",
                )
                for target in ("topic", "meeting", "minutes", "report")
                for what in ("seat", "person")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} · {self.tenure}"

    @property
    def title(self) -> str:
        """The title under which the person signed; a deputy signs under the deputy's own title."""
        return self.delegation.to.full_title if self.delegation else self.tenure.full_title

    @property
    def authority(self) -> str:
        """The text of the delegation under which it was signed; empty without a delegation."""
        return self.delegation.authority if self.delegation else ""

    @property
    def signer(self) -> str:
        """The signer as printed everywhere: title, name, and the delegation if there is one."""
        return signer_text(self.title, self.person.name, self.authority)

    @property
    def log_text(self) -> str:
        """The text about the signer for the log; empty for a signature on screen without a delegation."""
        if self.medium == Medium.PAPER:
            return gettext("signed on paper by %(who)s on %(on)s") % {"who": self.signer, "on": date_format(self.on)}
        return self.signer if self.delegation else ""
