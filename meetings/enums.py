"""The closed vocabularies of the records: a leaf file that imports nothing of the project.

Key concepts
- Side, Role, PostKind: who somebody is in a conference.
- TopicState, MeetingState, MinutesState, ResolutionState: the states of the four machines.
- AgendaKind, AttendanceStatus, Verdict, Disclosure: what a record says of its parts.
- UNFINISHED: the states of a resolution that the next meeting must hear of (`Y 1(6)`, `C 4三`).
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(TextChoices):
    """The level of government that a conference belongs to."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County or district")
    TOWNSHIP = "township", _("Township or town")
    ZONE = "zone", _("Development zone")


class Side(TextChoices):
    """A side of the joint conference; a department may belong to neither."""

    GOVERNMENT = "government", _("Government side")
    UNION = "union", _("Union side")
    NEITHER = "neither", _("Neither side")


class PostKind(TextChoices):
    """An office is held; a duty is distributed among the holders of offices (分工)."""

    OFFICE = "office", _("Office")
    DUTY = "duty", _("Duty")


class Role(TextChoices):
    """The rights that a post carries. `NONE` attends and signs nothing."""

    HEAD_OF_GOVERNMENT = "head_of_government", _("Head of the government")
    LIAISON_LEADER = "liaison_leader", _("Leader in charge of union work")
    GOVERNMENT_LEADER = "government_leader", _("Government leader")
    UNION_HEAD = "union_head", _("Head of the union")
    UNION_LEADER = "union_leader", _("Union leader")
    CLERK = "clerk", _("Clerk")
    LIAISON = "liaison", _("Department liaison")
    WRITER = "writer", _("News writer")
    REVIEWER = "reviewer", _("Reviewer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    NONE = "none", _("No rights, attends only")


LEADERS = frozenset(
    {Role.HEAD_OF_GOVERNMENT, Role.LIAISON_LEADER, Role.GOVERNMENT_LEADER, Role.UNION_HEAD, Role.UNION_LEADER}
)
GOVERNMENT_LEADERS = frozenset({Role.HEAD_OF_GOVERNMENT, Role.LIAISON_LEADER, Role.GOVERNMENT_LEADER})
UNION_LEADERS = frozenset({Role.UNION_HEAD, Role.UNION_LEADER})
STAFF = LEADERS | {Role.CLERK}  # who sees all records of the own conference


class GroupKind(TextChoices):
    """The bodies of `C 3`."""

    LEADING = "leading", _("Leading group")
    COORDINATION = "coordination", _("Coordination group")
    OFFICE = "office", _("Office of the coordination group")


class SeatKind(TextChoices):
    """What a post is in a group (`C 3`)."""

    HEAD = "head", _("Head")
    DEPUTY = "deputy", _("Deputy head")
    MEMBER = "member", _("Member")


class Facet(TextChoices):
    """The subjects that the topic categories of every regulation map to, so that search can compare them."""

    ACHIEVEMENT = "achievement", _("Mobilising workers")
    EMPLOYMENT = "employment", _("Employment and skills")
    PAY = "pay", _("Pay and labour disputes")
    SAFETY = "safety", _("Safety and health")
    WELFARE = "welfare", _("Social security and support")
    REFORM = "reform", _("Guidance and workforce reform")
    NEW_FORMS = "new_forms", _("New forms of employment")
    UNION_WORK = "union_work", _("Building the union")
    STABILITY = "stability", _("Stability and political security")
    OTHER = "other", _("Other matters")


class TopicState(TextChoices):
    """From a proposal to the meeting that discusses it."""

    DRAFT = "draft", pgettext_lazy("topic", "Draft")
    SUBMITTED = "submitted", _("Submitted")
    CONFERRED = "conferred", _("Conferred")
    APPROVED = "approved", _("Approved for study")
    AGREED = "agreed", _("Consensus reached")
    LISTED = "listed", _("On the agenda")
    DISCUSSED = "discussed", _("Discussed")
    RETURNED = "returned", _("Returned")


class MeetingKind(TextChoices):
    """A yearly sitting or one called for a special reason."""

    REGULAR = "regular", _("Regular meeting")
    SPECIAL = "special", _("Special meeting")


class MeetingState(TextChoices):
    """From preparation to the day of the meeting."""

    PLANNED = "planned", _("In preparation")
    SETTLED = "settled", _("Settled")
    NOTIFIED = "notified", _("Notified")
    HELD = "held", _("Held")


class MinutesState(TextChoices):
    """From the draft to the issued document (`Y 2(5)`, `C 5(4)`)."""

    DRAFT = "draft", _("Being drafted")
    IN_APPROVAL = "in_approval", _("In approval")
    APPROVED = "approved", _("Minutes approved")
    ISSUED = "issued", _("Issued")


class ResolutionState(TextChoices):
    """From the minutes to the verified result (`Y 2(6)`, `C 5(5)`)."""

    DRAFTED = "drafted", _("In the draft minutes")
    ADOPTED = "adopted", _("Settled by the meeting")
    ASSIGNED = "assigned", _("Assigned")
    UNDER_WAY = "under_way", _("Under way")
    REPORTED = "reported", _("Reported done")
    RETURNED = "returned", _("Returned for more")
    SUSPENDED = "suspended", _("Suspended")
    CARRIED = "carried", _("Carried over")
    VERIFIED = "verified", _("Done and verified")


UNFINISHED = frozenset(
    {
        ResolutionState.ADOPTED,
        ResolutionState.ASSIGNED,
        ResolutionState.UNDER_WAY,
        ResolutionState.REPORTED,
        ResolutionState.RETURNED,
        ResolutionState.SUSPENDED,
    }
)


class AgendaKind(TextChoices):
    """The kinds of agenda items, in the vocabulary of both regulations."""

    BRIEFING = "briefing", _("Briefing")
    FOLLOW_UP = "follow_up", _("Follow-up of earlier resolutions")
    PRESENTATION = "presentation", _("Presentation of the topics")
    DELIBERATION = "deliberation", _("Deliberation")
    DEPLOYMENT = "deployment", _("Deployment by both leaders")
    OTHER = "other", _("Other agenda item")


class AttendanceStatus(TextChoices):
    """How somebody takes part, as on the day."""

    INVITED = "invited", _("Invited, no reply yet")
    ATTENDS = "attends", _("Attends")
    LEAVE = "leave", _("On leave")
    DELEGATE = "delegate", _("Sends a delegate")
    OBSERVER = "observer", _("Attends without vote")
    GUEST = "guest", _("Guest")


class Verdict(TextChoices):
    """A department's opinion on a topic (`Y 2(2)`)."""

    PENDING = "pending", _("No reply yet")
    AGREE = "agree", _("Agrees")
    CHANGES = "changes", _("Asks for changes")
    OBJECT = "object", _("Objects")


class ReportVerdict(TextChoices):
    """What the offices found of a progress report."""

    PENDING = "pending", _("To be verified")
    VERIFIED = "verified", _("Verified")
    RETURNED = "returned", _("Sent back")


class PartRole(TextChoices):
    """A department's part in a resolution."""

    LEAD = "lead", _("Lead department")
    CO = "co", _("Co-operating department")


class Disclosure(TextChoices):
    """公开属性 of official documents (政府信息公开条例)."""

    PUBLIC = "public", _("Disclosed proactively")
    ON_REQUEST = "on_request", _("Disclosed on request")
    CLOSED = "closed", _("Not disclosed")


class DeadlineKind(TextChoices):
    """How a deadline was written."""

    DATE = "date", _("By a day")
    NEXT_MEETING = "next_meeting", _("Before the next meeting")
    STANDING = "standing", _("Long-term")
    NONE = "none", _("No deadline")


class ApprovalStep(TextChoices):
    """What a panel of posts agrees to, each on one and the same content."""

    CONFER = "confer", _("Conferral of both sides")
    APPROVE_TOPIC = "approve_topic", _("Approval of the topic")
    CONSULT = "consult", _("Consultation for a special meeting")
    SETTLE = "settle", _("Settlement of the meeting")
    APPROVE_MINUTES = "approve_minutes", _("Approval of the minutes")
    VERIFY = "verify", _("Verification of the result")
    SUSPEND = "suspend", _("Suspension")


class Medium(TextChoices):
    """How an approval was given."""

    SCREEN = "screen", _("On screen")
    PAPER = "paper", _("On paper")


class AccessKind(TextChoices):
    """What the access log tells besides the operations: who came, what was refused, what was taken out."""

    LOGIN = "login", _("Login")
    LOGIN_FAILED = "login_failed", _("Failed login")
    LOCKED = "locked", _("Login locked")
    LOGOUT = "logout", _("Logout")
    REFUSED = "refused", _("Refusal")
    EXPORT = "export", _("Export")
    DOWNLOAD = "download", _("Download")


class DocumentKind(TextChoices):
    """The office documents that are made from the records, each from a template file."""

    NOTICE = "notice", _("Meeting notice")
    MINUTES = "minutes", _("Minutes")
    SIGN_IN = "sign_in", _("Sign-in sheet")
    SUPERVISION = "supervision", _("Supervision letter")
    LEDGER = "ledger", _("List of resolutions")
    FOLLOW_UP_REPORT = "follow_up_report", _("Follow-up report")
    REVIEW_SHEET = "review_sheet", _("Review sheet")


class Frequency(TextChoices):
    """How often a regulation asks for a meeting."""

    YEARLY = "yearly", _("At least once a year")
    IN_PRINCIPLE = "in_principle", _("In principle once a year")


class SettledBy(TextChoices):
    """Who settles the time, place, agenda and attendance of a meeting."""

    BOTH_SIDES = "both_sides", _("Both sides by agreement")
    GROUP_HEADS = "group_heads", _("The heads of the coordination group")


class SpecialAfter(TextChoices):
    """Who is consulted before a special meeting."""

    BOTH_SIDES = "both_sides", _("Consultation of both sides")
    HEAD_OF_GOVERNMENT = "head_of_government", _("Consent of the head of the government")


class Office(TextChoices):
    """Which office acts: issues the notice and the minutes."""

    GOVERNMENT = "government_office", _("Government office")
    COORDINATION = "coordination_office", _("Office of the coordination group")


class MinutesApprovers(TextChoices):
    """Who approves the minutes."""

    LEADERS = "leaders", _("A government leader and a union leader")
    GROUP_HEADS = "group_heads", _("Both heads of the coordination group")


class FollowUpBy(TextChoices):
    """Who follows up and verifies."""

    BOTH_SIDES = "both_sides", _("Both sides jointly")
    OFFICE = "office", _("Office of the coordination group")


class ReportsTo(TextChoices):
    """To whom each report is delivered."""

    LEADERS = "leaders", _("The leaders of both sides")
    GROUP_HEADS = "group_heads", _("The heads of the coordination group")


class Numbering(TextChoices):
    """Where the number of the minutes comes from."""

    SERIES = "series", _("Own series, allocated (issue N)")
    REGISTRY = "registry", _("Shared registry, entered (〔year〕 number N)")
