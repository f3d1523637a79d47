"""The viewsets for administrators in the order of the menu: people and posts, organisations, regulations."""

from meetings.admin.administration.adoptions import AdoptionViewSet
from meetings.admin.administration.conferences import ConferenceViewSet
from meetings.admin.administration.departments import DepartmentViewSet
from meetings.admin.administration.groups import GroupViewSet
from meetings.admin.administration.people import PersonViewSet
from meetings.admin.administration.posts import PostViewSet
from meetings.admin.administration.regulations import RegulationViewSet

ADMINISTRATION_VIEWSETS = (
    PersonViewSet,
    PostViewSet,
    DepartmentViewSet,
    ConferenceViewSet,
    GroupViewSet,
    RegulationViewSet,
    AdoptionViewSet,
)
