"""What administrators keep, in the order of the menu: who, then where, then under which rules."""

from meetings.admin.adoptions import AdoptionViewSet
from meetings.admin.conferences import ConferenceViewSet
from meetings.admin.departments import DepartmentViewSet
from meetings.admin.groups import GroupViewSet
from meetings.admin.people import PersonViewSet
from meetings.admin.posts import PostViewSet
from meetings.admin.regulations import RegulationViewSet

MANAGED = (
    PersonViewSet,
    PostViewSet,
    DepartmentViewSet,
    ConferenceViewSet,
    GroupViewSet,
    RegulationViewSet,
    AdoptionViewSet,
)
