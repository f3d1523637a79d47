"""Public URLs of the search."""

from django.urls import path

from search.views.public import PublicSearchView
from search.views.suggest import public_titles

app_name = "search"

urlpatterns = [
    path("search/", PublicSearchView.as_view(), name="search"),
    path("search/suggest/", public_titles, name="suggest"),
]
