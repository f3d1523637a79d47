"""Public URLs that are not pages of the tree."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.decorators.cache import cache_control

from publicity.views import feeds, files, lists, resolution

app_name = "publicity"

urlpatterns = [
    path("news/", lists.news, name="news"),
    path("news/feed/", feeds.NewsFeed(), name="news_feed"),
    path("outcomes/", lists.outcomes, name="outcomes"),
    path("outcomes/feed/", feeds.OutcomesFeed(), name="outcomes_feed"),
    path("resolutions/<slug:number>/", resolution.resolution, name="resolution"),
    path(
        "sitemap.xml",
        cache_control(private=True, no_cache=True)(sitemap),
        {"sitemaps": feeds.SITEMAPS},
        name="sitemap",
    ),
    path("documents/<int:document_id>/<path:document_filename>", files.document, name="document"),
    path("media/<path:path>", files.media, name="media"),
]
