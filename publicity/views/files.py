"""Pictures and documents: served to the public only while a public page uses them, else to those who work on them.

Nothing else serves files under the media URL. A web server in front must not serve the directory itself.
"""

import mimetypes

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe
from wagtail.documents.views.serve import serve

from publicity.models import Picture, PictureRendition, PublicDocument
from publicity.queries.files import is_public
from publicity.rules import can_open_file


def _picture(path: str) -> tuple[Picture | None, bool]:
    """Return the picture of a media path, and whether the path is a rendition, the only form that the public gets."""
    rendition = PictureRendition.objects.filter(file=path).select_related("image").first()
    if rendition is not None:
        return rendition.image, True
    return Picture.objects.filter(file=path).first(), False


def _file(path: str) -> FileResponse:
    try:
        return FileResponse(
            default_storage.open(path), content_type=mimetypes.guess_type(path)[0] or "application/octet-stream"
        )
    except FileNotFoundError as gone:
        raise Http404 from gone


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a rendition that a public page shows; originals and unused pictures to those who work on them."""
    picture, is_rendition = _picture(path)
    if picture is None or not ((is_rendition and is_public(picture)) or can_open_file(request.user, picture)):
        raise Http404
    # A file never changes under its random name, so the name identifies its content.
    etag = quote_etag(path)
    response = get_conditional_response(request, etag=etag) or _file(path)
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def document(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """Serve a document that a public page offers; the hook `before_serve_document` refuses the others."""
    response: HttpResponseBase = serve(request, document_id, document_filename)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def refuse_unused(document: PublicDocument, request: HttpRequest) -> None:
    """Answer 404 for a document that no public page uses now."""
    if not (is_public(document) or can_open_file(request.user, document)):
        raise Http404
