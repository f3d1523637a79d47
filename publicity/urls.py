"""Public URLs that are not pages of the tree."""

from django.urls import path

from publicity.views import feeds, files, lists, resolution, sitemap
from publicity.views.kept import kept

app_name = "publicity"

urlpatterns = [
    path("news/", kept(lists.news), name="news"),
    path("news/feed/", kept(feeds.NewsFeed()), name="news_feed"),
    path("outcomes/", kept(lists.outcomes), name="outcomes"),
    path("outcomes/feed/", kept(feeds.OutcomesFeed()), name="outcomes_feed"),
    path("resolutions/<slug:number>/", kept(resolution.resolution), name="resolution"),
    path("sitemap.xml", kept(sitemap.index), name="sitemap"),
    path("sitemap-places.xml", kept(sitemap.places), name="sitemap_of_places"),
    path("sitemap-<slug:slug>-<int:year>.xml", kept(sitemap.of_year), name="sitemap_of_year"),
    path("documents/<int:document_id>/<path:document_filename>", files.document, name="document"),
    path("media/<path:path>", files.media, name="media"),
]
