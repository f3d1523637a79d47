"""Links in the editor of rich text, without the addresses of files and pages that the person may not see.

- `link_rule()`, `document_link_rule()`: the rules that convert stored text for the editor.
"""

from typing import Any

from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import ExternalLinkElementHandler, PageLinkElementHandler
from wagtail.documents.rich_text.contentstate import DocumentLinkElementHandler, document_link_entity

from publicity.models import PublicDocument
from publicity.viewer import viewer


class PageLinkHandler(PageLinkElementHandler):
    """Link to a page in the editor: the address of one that the person may not see is left out."""

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        if viewer().may_name(int(attrs["id"])):
            data: dict[str, Any] = super().get_attribute_data(attrs)
            return data
        return {"id": int(attrs["id"]), "url": None, "parentId": None}  # like Wagtail for a page that is gone


class DocumentLinkHandler(DocumentLinkElementHandler):
    """Link to a document in the editor: address and file name of one that the person may not see are left out."""

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        data: dict[str, Any] = super().get_attribute_data(attrs)
        if "url" in data:
            document = PublicDocument.objects.get(pk=data["id"])
            return data if viewer().may_open(document) else {"id": data["id"]}
        return data


def link_rule() -> dict[str, Any]:
    """Return Wagtail's rule for the feature "link", with our handler of pages."""
    return {
        "from_database_format": {
            "a[href]": ExternalLinkElementHandler("LINK"),
            'a[linktype="page"]': PageLinkHandler("LINK"),
        },
        "to_database_format": {"entity_decorators": {"LINK": link_entity}},
    }


def document_link_rule() -> dict[str, Any]:
    """Return Wagtail's rule for the feature "document-link", with our handler of documents."""
    return {
        "from_database_format": {'a[linktype="document"]': DocumentLinkHandler("DOCUMENT")},
        "to_database_format": {"entity_decorators": {"DOCUMENT": document_link_entity}},
    }
