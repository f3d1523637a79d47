"""Which resolutions may be carried over (结转) into which minutes (`Y 1(6)`, `C 4三`)."""

from django.utils.translation import gettext as _

from meetings.enums import UNFINISHED
from meetings.models import Resolution
from meetings.queries.carry_over import continuable
from meetings.refusal import Missing


def carry_over_gaps(resolution: Resolution) -> list[Missing]:
    """Return why a drafted resolution cannot continue the one in `continues`.

    Always empty for a drafted row of a correction, which cannot change `continues`.
    """
    earlier = resolution.continues
    if earlier is None or resolution.amends_id is not None:
        return []
    if continuable(resolution.minutes, resolution).filter(pk=earlier.pk).exists():
        return []
    if earlier.minutes.meeting.conference_id != resolution.minutes.meeting.conference_id:
        return [
            Missing(
                _("Only a resolution of this conference can be carried over. Choose another."),
                code="carried_from_another_conference",
                clause="follow_up",
            )
        ]
    values = {"title": earlier.title, "state": earlier.get_state_display()}
    if earlier.state not in UNFINISHED:
        reason = _("“%(title)s” is not unfinished (%(state)s) and cannot be carried over. Take it out.")
        return [Missing(reason % values, code="carried_is_finished", clause="follow_up")]
    if earlier.minutes.meeting.time >= resolution.minutes.meeting.time:
        reason = _("“%(title)s” was not settled by an earlier meeting and cannot be carried over. Take it out.")
        return [Missing(reason % values, code="carried_is_not_earlier", clause="follow_up")]
    reason = _("“%(title)s” is carried over into another resolution already. Take it out here or there.")
    return [Missing(reason % values, code="already_carried_over", clause="follow_up")]
