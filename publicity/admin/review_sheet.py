"""The review sheet of a page as a Word file, for those who may view its reviews."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from meetings.admin.core.downloads import file_response, redirect_with_reasons
from meetings.documents.review_sheet import make_review_sheet
from meetings.refusal import Refused
from publicity.admin.page_views import PageActionView
from publicity.review_sheet import sheet_of


class ReviewSheetView(PageActionView):
    """Send the review sheet; a page that was never sent for review has none."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        conference = self.page.conference
        try:
            return file_response(request, make_review_sheet(sheet_of(self.page), conference), conference)
        except Refused as refused:
            back = reverse("publicity_admin:review", args=[self.page.pk])
            return redirect_with_reasons(request, refused, back, conference)
