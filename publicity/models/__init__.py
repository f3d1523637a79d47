"""The models of the publicity, one module per concept."""

from publicity.models.article import Article
from publicity.models.decision import NewsCount, PublicCount, PublicDecision
from publicity.models.exceptions import PersonalDataException
from publicity.models.files import Picture, PictureRendition, PublicDocument
from publicity.models.gate import GatedPage, gated_page_types
from publicity.models.outcome import HiddenSource, OutcomeItem, OutcomePage
from publicity.models.plain import PlainPage
from publicity.models.release import PublicNumbers, Release, StageProposal
from publicity.models.review import ReviewTask
from publicity.models.site import PublicitySettings
from publicity.models.state import PublicState
from publicity.models.tags import PublicTag, TaggedArticle
from publicity.models.tree import ConferenceSection, HomePage, NewsIndex, OutcomesIndex

__all__ = [
    "Article",
    "ConferenceSection",
    "GatedPage",
    "HiddenSource",
    "HomePage",
    "NewsCount",
    "NewsIndex",
    "OutcomeItem",
    "OutcomePage",
    "OutcomesIndex",
    "PersonalDataException",
    "Picture",
    "PictureRendition",
    "PlainPage",
    "PublicCount",
    "PublicDecision",
    "PublicDocument",
    "PublicNumbers",
    "PublicState",
    "PublicTag",
    "PublicitySettings",
    "Release",
    "ReviewTask",
    "StageProposal",
    "TaggedArticle",
    "gated_page_types",
]
