"""What a page names by key: pictures and documents of its own conference, and pages that the public reads.

The key of any row can be typed into a form. Hence each file is compared with the collection of the section, in the form
(`publicity.forms`) and at the gate.

- `references_in(field, value)`: the files and pages that a value of a field names, with their positions.
- `foreign_files(references, section_path)`: refusals for files outside of the section's collection.
- `hidden_links(references, …)`: refusals for links to pages that the public does not read.
- `files_of(model, conference)`: the files that pages of this conference may use.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Field, ForeignKey, Model, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.fields import StreamField
from wagtail.models import Collection, Page

from meetings.enums import Role
from meetings.models import JointConference
from meetings.refusal import Missing
from meetings.rights import role_group_name
from publicity.blocks import place_of
from publicity.keys import typed_key
from publicity.models.files import Picture, PublicDocument
from publicity.tree_paths import inside

FILE_MODELS: tuple[type[Model], ...] = (Picture, PublicDocument)


@dataclass(frozen=True)
class Reference:
    """A row that a page names: in which field, where in it, and which row."""

    field: str
    place: str
    model: type[Model]
    pk: int


def references_in(field: "Field[object, object]", value: object) -> Iterator[Reference]:
    """Yield what a value names: a foreign key, blocks at any depth, links and embeds in rich text."""
    if isinstance(field, StreamField):
        for number, child in enumerate(value or (), start=1):  # type: ignore[var-annotated, arg-type]
            for model, pk, _path, _content in child.block.extract_references(child.value):
                yield Reference(field.name, place_of(number, child), model, typed_key(pk))
    elif isinstance(field, ForeignKey):
        if value is not None:
            pk = value.pk if isinstance(value, Model) else value
            yield Reference(field.name, str(field.verbose_name), field.related_model, pk)  # type: ignore[arg-type]
    elif hasattr(field, "extract_references"):
        for model, pk, _path, _content in field.extract_references(value):
            yield Reference(field.name, str(field.verbose_name), model, typed_key(pk))


def files_of(model: type[Model], conference: JointConference | None) -> QuerySet[Model]:
    """Return the files in the collection of a conference and below: where its writers hold permissions."""
    if conference is None:
        return model._default_manager.none()
    group = role_group_name(Role.WRITER, conference)
    paths = Collection.objects.filter(group_permissions__group__name=group).values_list("path", flat=True).distinct()
    found = Q(pk__in=[])
    for path in paths:
        found |= inside(path, "collection__path")
    return model._default_manager.filter(found)


def foreign_files(references: Iterable[Reference], section_path: str) -> Iterator[Missing]:
    """Yield a refusal for each file that is not in the collection of the section. It names the place, not the file."""
    named = [each for each in references if issubclass(each.model, FILE_MODELS)]
    if not named:
        return
    conference = JointConference.objects.filter(section__path=section_path).first()
    own = {
        (model, pk)
        for model in {each.model for each in named}
        for pk in files_of(model, conference)
        .filter(pk__in=[each.pk for each in named if each.model is model])
        .values_list("pk", flat=True)
    }
    message = _(
        "%(place)s: this file is not among the files of this conference. Choose one of them, or upload the file here."
    )
    for each in named:
        if (each.model, each.pk) not in own:
            yield Missing(message % {"place": each.place}, code="file_of_another_section", field=each.field)


def hidden_links(
    references: Iterable[Reference], public: "QuerySet[Page]", *, drafts_below: str = ""
) -> Iterator[Missing]:
    """Yield a refusal for each link to a page that is not among `public`; drafts below a tree path are let pass."""
    named = [each for each in references if issubclass(each.model, Page)]
    if not named:
        return
    wanted = Page.objects.filter(pk__in=[each.pk for each in named])
    found = set(wanted.filter(pk__in=public.values("pk")).values_list("pk", flat=True))
    if drafts_below:
        found |= set(wanted.filter(inside(drafts_below)).values_list("pk", flat=True))
    message = _(
        "%(place)s: it links to a page that the public cannot read. Publish that page first, or take the link out."
    )
    for each in named:
        if each.pk not in found:
            yield Missing(message % {"place": each.place}, code="link_to_hidden_page", field=each.field)
