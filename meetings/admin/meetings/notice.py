"""The print view of the notice of a meeting."""

from meetings.admin.core.printing import PrintView
from meetings.documents.notice import notice_of


class NoticeView(PrintView):
    """The notice in print; marked as a draft until it is issued."""

    template_name = "meetings/print/notice.html"
    route = "notice/<int:pk>/"
    url_name = "notice"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"notice": notice_of(self.object)}
