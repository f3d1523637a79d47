"""Staff URLs of the publicity, below the admin."""

from django.urls import path

from publicity.admin import index_view, page_views, proposal_review, record_views, review_sheet

app_name = "publicity_admin"

urlpatterns = [
    path("", index_view.PublicityView.as_view(), name="index"),
    path("meetings/<int:pk>/outcome/", record_views.DraftOutcomeView.as_view(), name="draft_outcome"),
    path("resolutions/<int:pk>/stage/", record_views.StageView.as_view(), name="stage"),
    path("resolutions/<int:pk>/withdraw/", record_views.WithdrawView.as_view(), name="withdraw"),
    path("resolutions/<int:pk>/lift/", record_views.LiftView.as_view(), name="lift"),
    path("resolutions/<int:pk>/renew/", record_views.RenewView.as_view(), name="renew"),
    path("resolutions/<int:pk>/proposal/", record_views.ProposalView.as_view(), name="proposal"),
    path("resolutions/<int:pk>/proposal/drop/", record_views.DropProposalView.as_view(), name="drop_proposal"),
    path("proposals/<int:pk>/review/", proposal_review.ProposalReviewView.as_view(), name="review_proposal"),
    path("pages/<int:pk>/review/", page_views.ReviewView.as_view(), name="review"),
    path("pages/<int:pk>/review-sheet/", review_sheet.ReviewSheetView.as_view(), name="review_sheet"),
    path("pages/<int:pk>/preview/", page_views.PreviewView.as_view(), name="preview"),
    path("pages/<int:pk>/send/", page_views.SendView.as_view(), name="send"),
    path("pages/<int:pk>/take-down/", page_views.TakeDownView.as_view(), name="take_down"),
    path("pages/<int:pk>/personal-data/", page_views.PersonalDataView.as_view(), name="personal_data"),
]
