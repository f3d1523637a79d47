"""Enumerations of the records. This module imports nothing from the project.

- Side, Role, PostKind: the position of a person in a conference.
- TopicState, MeetingState, MinutesState, ResolutionState: the states of the four state machines.
- AgendaKind, AttendanceStatus, Verdict, Disclosure: attributes of records and their parts.
- UNFINISHED: the resolution states that must be reported to the next meeting (`Y 1(6)`, `C 4三`).
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
    """The kind of a post: an office, or a duty that is distributed among the holders of offices (分工)."""

    OFFICE = "office", _("Office")
    DUTY = "duty", _("Duty")


class Role(TextChoices):
    """The role of a post, which determines its rights. A `NONE` post only attends meetings and signs nothing."""

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
STAFF = LEADERS | {Role.CLERK}  # these roles see all records of their conference


SUPERVISING_ROLES = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})  # they see requests for rights, and confirm them


class ChangeState(TextChoices):
    """The states of a request that needs a second person."""

    WAITING = "waiting", pgettext_lazy("change", "Waits for confirmation")
    CONFIRMED = "confirmed", pgettext_lazy("change", "Confirmed, in force")
    EXPIRED_IN = "expired_in", pgettext_lazy("change", "In force after the waiting period")
    DECLINED = "declined", pgettext_lazy("change", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("change", "Withdrawn")


class GroupKind(TextChoices):
    """The kinds of groups that `C 3` sets up."""

    LEADING = "leading", _("Leading group")
    COORDINATION = "coordination", _("Coordination group")
    OFFICE = "office", _("Office of the coordination group")


class SeatKind(TextChoices):
    """The position of a post in a group (`C 3`)."""

    HEAD = "head", _("Head")
    DEPUTY = "deputy", _("Deputy head")
    MEMBER = "member", _("Member")


class Facet(TextChoices):
    """Common subjects. The topic categories of all regulations map to them, so that search can filter across them."""

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
    """The states of a topic, from the proposal to its discussion at a meeting."""

    DRAFT = "draft", pgettext_lazy("topic", "Draft")
    SUBMITTED = "submitted", _("Submitted")
    CONFERRED = "conferred", _("Conferred")
    APPROVED = "approved", _("Approved for study")
    AGREED = "agreed", _("Consensus reached")
    LISTED = "listed", _("On the agenda")
    DISCUSSED = "discussed", _("Discussed")
    RETURNED = "returned", _("Returned")


class MeetingKind(TextChoices):
    """The kind of a meeting: the regular yearly one, or one called for a special reason."""

    REGULAR = "regular", _("Regular meeting")
    SPECIAL = "special", _("Special meeting")


class MeetingState(TextChoices):
    """The states of a meeting, from its preparation to the day it is held."""

    PLANNED = "planned", _("In preparation")
    SETTLED = "settled", _("Settled")
    NOTIFIED = "notified", _("Notified")
    HELD = "held", _("Held")


class MinutesState(TextChoices):
    """The states of minutes, from the draft to the issued document (`Y 2(5)`, `C 5(4)`)."""

    DRAFT = "draft", _("Being drafted")
    IN_APPROVAL = "in_approval", _("In approval")
    APPROVED = "approved", _("Minutes approved")
    ISSUED = "issued", _("Issued")


class ResolutionState(TextChoices):
    """The states of a resolution, from the draft minutes to the verified result (`Y 2(6)`, `C 5(5)`)."""

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
    """The kinds of agenda items, with the terms of both regulations."""

    BRIEFING = "briefing", _("Briefing")
    FOLLOW_UP = "follow_up", _("Follow-up of earlier resolutions")
    PRESENTATION = "presentation", _("Presentation of the topics")
    DELIBERATION = "deliberation", _("Deliberation")
    DEPLOYMENT = "deployment", _("Deployment by both leaders")
    OTHER = "other", _("Other agenda item")


class AttendanceStatus(TextChoices):
    """How an invited person or department takes part in a meeting, as recorded on its day."""

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
    """The result of the verification of a progress report."""

    PENDING = "pending", _("To be verified")
    VERIFIED = "verified", _("Verified")
    RETURNED = "returned", _("Sent back")


class PartRole(TextChoices):
    """The role of a department in a resolution: it leads (牵头) or co-operates (配合)."""

    LEAD = "lead", _("Lead department")
    CO = "co", _("Co-operating department")


class Disclosure(TextChoices):
    """The disclosure attribute (公开属性) of official documents, defined by 政府信息公开条例."""

    PUBLIC = "public", _("Disclosed proactively")
    ON_REQUEST = "on_request", _("Disclosed on request")
    CLOSED = "closed", _("Not disclosed")


class DeadlineKind(TextChoices):
    """The form in which a deadline was written."""

    DATE = "date", _("By a day")
    NEXT_MEETING = "next_meeting", _("Before the next meeting")
    STANDING = "standing", _("Long-term")
    NONE = "none", _("No deadline")


class ApprovalStep(TextChoices):
    """The steps that need approvals by several posts, all of the same content."""

    CONFER = "confer", _("Conferral of both sides")
    APPROVE_TOPIC = "approve_topic", _("Approval of the topic")
    CONSULT = "consult", _("Consultation for a special meeting")
    SETTLE = "settle", _("Settlement of the meeting")
    APPROVE_MINUTES = "approve_minutes", _("Approval of the minutes")
    VERIFY = "verify", _("Verification of the result")
    SUSPEND = "suspend", _("Suspension")


class Medium(TextChoices):
    """The medium of an approval."""

    SCREEN = "screen", _("On screen")
    PAPER = "paper", _("On paper")


class AccessKind(TextChoices):
    """The kinds of entries in the access log: logins, refusals, exports and downloads."""

    LOGIN = "login", _("Login")
    LOGIN_FAILED = "login_failed", _("Failed login")
    LOCKED = "locked", _("Login locked")
    LOGOUT = "logout", _("Logout")
    REFUSED = "refused", _("Refusal")
    EXPORT = "export", _("Export")
    DOWNLOAD = "download", _("Download")


class DocumentKind(TextChoices):
    """The office documents that are generated from the records, each from a template file."""

    NOTICE = "notice", _("Meeting notice")
    MINUTES = "minutes", _("Minutes")
    SIGN_IN = "sign_in", _("Sign-in sheet")
    SUPERVISION = "supervision", _("Supervision letter")
    LEDGER = "ledger", _("List of resolutions")
    FOLLOW_UP_REPORT = "follow_up_report", _("Follow-up report")
    REVIEW_SHEET = "review_sheet", _("Review sheet")


class Attends(TextChoices):
    """Who is added to the attendance of a meeting (`Y 2(3)`, `C 5(3)`)."""

    POSTS = "posts", _("Whoever holds a post that attends the meetings")
    TOPIC_DEPARTMENTS = "topic_departments", _("The heads of the departments that the topics concern")


class Frequency(TextChoices):
    """How often a regulation requires a meeting."""

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
    """The office that issues notices and minutes."""

    GOVERNMENT = "government_office", _("Government office")
    COORDINATION = "coordination_office", _("Office of the coordination group")


class MinutesApprovers(TextChoices):
    """Who approves the minutes."""

    LEADERS = "leaders", _("A government leader and a union leader")
    GROUP_HEADS = "group_heads", _("Both heads of the coordination group")


class FollowUpBy(TextChoices):
    """Who follows up resolutions and verifies the results."""

    BOTH_SIDES = "both_sides", _("Both sides jointly")
    OFFICE = "office", _("Office of the coordination group")


class ReportsTo(TextChoices):
    """To whom each progress report is delivered."""

    LEADERS = "leaders", _("The leaders of both sides")
    GROUP_HEADS = "group_heads", _("The heads of the coordination group")


class Numbering(TextChoices):
    """The source of the number of minutes."""

    SERIES = "series", _("Own series, allocated (issue N)")
    REGISTRY = "registry", _("Shared registry, entered (〔year〕 number N)")


class WorkItemKind(TextChoices):
    """What closes a work item: the state of its record, or the person who opens it."""

    TASK = "task", _("Task")
    NOTICE = "notice", _("Notice")
