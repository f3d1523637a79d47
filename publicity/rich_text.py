"""Links in the editor of rich text, without the addresses of files and pages that the person may not see.

- `link_rule()`, `document_link_rule()`: the rules that convert stored text for the editor.
"""

from collections.abc import Callable
from typing import Any

from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.contentstate import link_entity
from wagtail.admin.rich_text.converters.html_to_contentstate import ExternalLinkElementHandler, PageLinkElementHandler
from wagtail.documents.rich_text.contentstate import DocumentLinkElementHandler, document_link_entity

from publicity.keys import typed_key
from publicity.models import PublicDocument
from publicity.viewer import viewer

Entity = Callable[[dict[str, Any]], object]


def with_key(entity: Entity) -> Entity:
    """Return the conversion of a link for storage, which leaves only its words of a link that leads nowhere.

    Wagtail's stores any key, and fails at the next reading.
    """

    def convert(props: dict[str, Any]) -> object:
        is_address = props.get("id") is None and isinstance(props.get("url"), str)
        if is_address or typed_key(props.get("id")):
            return entity(props)
        return DOM.create_element(None, {}, props["children"])

    return convert


class PageLinkHandler(PageLinkElementHandler):
    """Link to a page in the editor: the address of one that the person may not see is left out."""

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, Any]:
        key = typed_key(attrs.get("id"))
        if viewer().may_name(key):
            data: dict[str, Any] = super().get_attribute_data(attrs)
            return data
        return {"id": key, "url": None, "parentId": None}  # like Wagtail for a page that is gone


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
        "to_database_format": {"entity_decorators": {"LINK": with_key(link_entity)}},
    }


def document_link_rule() -> dict[str, Any]:
    """Return Wagtail's rule for the feature "document-link", with our handler of documents."""
    return {
        "from_database_format": {'a[linktype="document"]': DocumentLinkHandler("DOCUMENT")},
        "to_database_format": {"entity_decorators": {"DOCUMENT": with_key(document_link_entity)}},
    }
