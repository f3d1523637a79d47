"""URL configuration: the admin for staff under /admin/, public pages everywhere else."""

from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.i18n import JavaScriptCatalog
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.views import serve

from portal import accounts, login_steps, second_factor, views
from portal.accounts import signed_in_view, staff_view
from portal.display_mode import DisplayModeView
from portal.operations_log import OperationsLogView
from publicity.views.kept import kept
from publicity.views.tags import suggest_tags

# Message catalogues of the admin's scripts: Wagtail's, and the Chinese translations that it still lacks.
JS_CATALOG_PACKAGES = ["wagtail.admin", "portal.wagtail_zh"]

handler400 = "portal.request_errors.bad_request"

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("reading/", DisplayModeView.as_view(), name="reading"),
    path("admin/login/", accounts.LoginView.as_view(), name="login"),
    path("admin/logout/", accounts.LogoutView.as_view(), name="logout"),
    path("admin/login/code/", staff_view(second_factor.CodeView.as_view()), name=login_steps.CODE),
    path("admin/login/password/", signed_in_view(second_factor.PasswordView.as_view()), name=login_steps.PASSWORD),
    path("admin/login/telephone/", staff_view(second_factor.DeviceView.as_view()), name=login_steps.DEVICE),
    path("admin/account/", accounts.account_view, name="account"),
    path("admin/jsi18n/", never_cache(JavaScriptCatalog.as_view(packages=JS_CATALOG_PACKAGES)), name="jsi18n"),
    path("admin/reports/site-history/", staff_view(OperationsLogView.as_view()), name="operations_log"),
    path("admin/reports/site-history/results/", staff_view(OperationsLogView.as_view(results_only=True))),
    path("admin/bulk/meetings/<path:rest>", views.blocked),
    path("admin/tag-autocomplete/meetings/<path:rest>", views.blocked),
    path("admin/tag-autocomplete/", staff_view(suggest_tags)),
    path("admin/tag-autocomplete/<slug:app_name>/<slug:model_name>/", staff_view(suggest_tags)),
    path("admin/api/main/images/<path:rest>", views.blocked),
    path("admin/api/main/images/", views.blocked),
    path("admin/api/main/documents/<path:rest>", views.blocked),
    path("admin/api/main/documents/", views.blocked),
    path("admin/api/main/pages/<int:pk>/action/<path:rest>", views.blocked),
    path("admin/failwhale/", views.blocked),
    path("admin/reports/page-types-usage/", views.blocked),
    path("admin/reports/page-types-usage/<path:rest>", views.blocked),
    path("_util/<path:rest>", views.blocked),
    path("documents/authenticate_with_password/<path:rest>", views.blocked),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("publicity.urls")),
    path("", include("search.urls")),
    path("documents/", include(wagtaildocs_urls)),
    re_path(wagtail_urls.serve_pattern, kept(serve), name="wagtail_serve"),
    path("", include(wagtail_urls)),
]
