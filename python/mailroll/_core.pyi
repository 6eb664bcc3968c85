"""The bindings of libmailroll. Import mailroll, not this."""

import datetime
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, ClassVar, Final, Literal, NoReturn, Protocol, TypeAlias, final, overload

from _typeshed import structseq

__all__ = [
    "NO_TOPIC",
    "ActResult",
    "Audience",
    "AudienceDiff",
    "AudienceEffect",
    "Backend",
    "Batch",
    "BounceRule",
    "BroadcastStatus",
    "Cancelled",
    "CheckReport",
    "Confirmation",
    "Conflict",
    "ConsentEvent",
    "Contact",
    "ContactDetails",
    "ContactIds",
    "Contacts",
    "CopyReport",
    "Counts",
    "Effect",
    "EmailAddress",
    "Error",
    "Events",
    "ExpiringConsent",
    "Expression",
    "FeedItem",
    "FeedPage",
    "Filter",
    "FilterFields",
    "FilterProperties",
    "FilterValue",
    "Follower",
    "Handoff",
    "HandoffReport",
    "ImportPlan",
    "ImportSummary",
    "Invalid",
    "KeyInfo",
    "Keys",
    "MigrationPlan",
    "MigrationSummary",
    "NoTopic",
    "NotFound",
    "Preferences",
    "Properties",
    "PropertyDefinition",
    "Recipient",
    "Refreshed",
    "Refused",
    "RekeyReport",
    "RetentionReport",
    "RetentionRule",
    "Roll",
    "RowConflict",
    "Segment",
    "SegmentChange",
    "SegmentEvent",
    "SegmentEvents",
    "SegmentOverlap",
    "SegmentRefresh",
    "Segments",
    "ShownTopic",
    "Snapshot",
    "SnapshotDiff",
    "SnapshotMatrix",
    "SnapshotPeople",
    "StorageError",
    "Stream",
    "Suppression",
    "SuppressionImport",
    "Suppressions",
    "Team",
    "Teams",
    "Topic",
    "TopicChange",
    "TopicCounts",
    "TopicStanding",
    "Topics",
    "Usage",
    "Verdict",
    "__version__",
    "backends",
    "copy",
    "field",
    "in_segment",
    "load_backend",
    "map_snapshot",
    "now",
    "open",
    "opted_in",
    "opted_out",
    "parse_filter",
    "prop",
    "receives",
    "text_hash",
    "unsubscribed",
]
__version__: str

# Written out in the docstrings of whatever takes or gives them; not there at run time.
_Path: TypeAlias = str | os.PathLike[str]
_Who: TypeAlias = str | uuid.UUID | EmailAddress | Contact | ContactDetails | Recipient
_SegmentRef: TypeAlias = str | uuid.UUID | Segment | Expression
_TopicRef: TypeAlias = str | uuid.UUID | Topic
_Where: TypeAlias = str | Filter | FilterValue
_Operand: TypeAlias = str | bool | float | datetime.datetime | FilterValue
_Property: TypeAlias = str | bool | float | datetime.datetime
_Progress: TypeAlias = bool | Callable[[str, int, int], bool | None] | None
_EvidenceField: TypeAlias = Literal["text_hash", "form", "ip", "user_agent", "locale", "note", "text"]
_Evidence: TypeAlias = str | dict[str, str] | None
_Body: TypeAlias = str | bytes | Mapping[str, str | Iterable[str]] | Iterable[tuple[str, str]] | None

_Subscription: TypeAlias = Literal["opt_in", "opt_out"]
_Visibility: TypeAlias = Literal["public", "private"]
_PropertyType: TypeAlias = Literal["string", "number", "boolean", "datetime"]
_KeyKind: TypeAlias = Literal["hash", "link"]
_SuppressionReason: TypeAlias = Literal["complaint", "bounce", "manual"]
_Policy: TypeAlias = Literal["topics", "everything"]
_Actor: TypeAlias = Literal["person", "provider", "operator", "api", "import"]
_Action: TypeAlias = Literal["pending", "opt_in", "unsuppressed", "removed", "opt_out", "suppressed", "erased"]
_Channel: TypeAlias = Literal[
    "unknown",
    "api",
    "cli",
    "import",
    "migration",
    "one_click",
    "page",
    "mailto",
    "form",
    "confirm",
    "phone",
    "bounce",
    "complaint",
    "merge",
]
_SpokenChannel: TypeAlias = Literal["api", "cli", "one_click", "page", "mailto", "form", "phone"]
_Basis: TypeAlias = Literal[
    "consent",
    "contract",
    "implied_consent",
    "legal_obligation",
    "legitimate_interest",
    "public_task",
    "soft_opt_in",
    "vital_interest",
]
_Reason: TypeAlias = Literal[
    "erased",
    "suppressed_complaint",
    "suppressed_bounce",
    "suppressed_manual",
    "not_found",
    "not_in_segment",
    "transactional",
    "unsubscribed",
    "topic_opted_out",
    "unconfirmed",
    "consent_expired",
    "topic_opted_in",
    "topic_default_opt_out",
    "topic_default_opt_in",
    "subscribed",
]
_RejectReason: TypeAlias = Literal[
    "address_empty",
    "encoding",
    "address_too_long",
    "address_syntax",
    "address_characters",
    "address_domain",
    "value_type",
    "row_shape",
    "unknown_property",
    "suppressed_erased",
]
_RowVerdict: TypeAlias = Literal[
    "rejected", "duplicate", "kept_opted_out", "kept_removed", "created", "updated", "unchanged"
]

class _Writable(Protocol):
    def write(self, data: Any, /) -> object: ...

class Error(Exception):
    """What mailroll raises: `kind` is a word, `details` a read-only dict of strings, often with a `reason` code.
    Neither it nor the message ever holds an address, a token or a name.
    """

    kind: str
    details: Mapping[str, str]

class Invalid(Error, ValueError):  # noqa: N818
    """The value given can never be right. Also a ValueError."""

class NotFound(Error, LookupError):  # noqa: N818
    """The thing named does not exist. Also a LookupError."""

class Refused(Error):  # noqa: N818
    """A rule forbids it, e.g. raising permission against a person's own opt-out; details['reason'] says which."""

class Conflict(Error):  # noqa: N818
    """It contradicts what is there, e.g. a name that several segments bear: details['ids'] lists them."""

class StorageError(Error):
    """The store failed; details['reason']: unreachable, not_a_database, newer_schema, lost_key, backend_not_loaded,
    busy, timeout, full, read_only, denied, corrupt, contended, disconnected, failed or copy_differs.
    """

class Cancelled(Error):  # noqa: N818
    """The caller's progress function asked to stop; what was committed stays."""

@final
class EmailAddress:
    """A valid e-mail address, which knows what makes two spellings one contact. Equal where the keys are equal."""

    def __init__(self, text: str | bytes) -> None:
        """Reads an address. Invalid where it is none: details['reason'] is address_empty, encoding, address_too_long,
        address_syntax, address_characters or address_domain.
        """
    @property
    def key(self) -> str:
        """What makes two spellings one contact: local part in NFC with simple case folding, domain in lower-case
        A-labels.
        """
    @property
    def delivery(self) -> str:
        """Where mail goes: the local part as written (NFC), the domain in lower-case A-labels."""
    @property
    def display(self) -> str:
        """What to show: the local part as written, the domain in Unicode."""
    @property
    def smtputf8(self) -> bool:
        """True where the local part has letters beyond ASCII, so that delivery needs SMTPUTF8."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Stream:
    """An iterator over an answer of any length, in bounded memory: pages are read from the store, without the GIL, when
    they are needed. For one thread at a time.
    """

    def __iter__(self) -> Stream: ...
    def __next__(self) -> Any: ...

@final
class Team:
    """The owner of a roll; nothing crosses teams."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def id(self) -> str:
        """UUID, 36 characters."""
    @property
    def name(self) -> str:
        """Unique in a store."""
    @property
    def created_at(self) -> datetime.datetime:
        """UTC."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Segment:
    """The team's own grouping of contacts. People never see it."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def id(self) -> str:
        """UUID, 36 characters."""
    @property
    def name(self) -> str:
        """Need not be unique."""
    @property
    def created_at(self) -> datetime.datetime:
        """UTC."""
    @property
    def updated_at(self) -> datetime.datetime:
        """UTC."""
    @property
    def filter(self) -> str:
        """Of a dynamic segment, what its contacts have in common, naming segments and topics by id; '' for a static
        one.
        """
    @property
    def members_as_of(self) -> datetime.datetime | None:
        """Of a materialised segment, when its members were last brought up to date; None for others."""
    def __and__(self, other: _SegmentRef, /) -> Expression: ...
    def __or__(self, other: _SegmentRef, /) -> Expression: ...
    def __sub__(self, other: _SegmentRef, /) -> Expression: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class SegmentRefresh:
    """What bringing materialised members up to date did."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def looked_at(self) -> int:
        """Contacts."""
    @property
    def entered(self) -> int:
        """Contacts that came in."""
    @property
    def left(self) -> int:
        """Contacts that went out."""
    @property
    def everybody(self) -> bool:
        """Whether not only those who changed had to be looked at."""
    @property
    def as_of(self) -> datetime.datetime:
        """UTC."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class SegmentEvent:
    """Somebody entered or left a materialised segment."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def position(self) -> int:
        """The cursor: ask for what is after it."""
    @property
    def contact(self) -> str:
        """The contact's id."""
    @property
    def entered(self) -> bool:
        """False: left."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class SegmentEvents:
    """A part of a segment's events."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def items(self) -> list[SegmentEvent]:
        """In the order in which they were recorded."""
    @property
    def next(self) -> int:
        """The position to go on from."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Expression:
    """Segments combined by & (in both), | (in any) and - (in the left and not in the right). Stands wherever an
    audience is named.
    """

    def __and__(self, other: _SegmentRef, /) -> Expression: ...
    def __or__(self, other: _SegmentRef, /) -> Expression: ...
    def __sub__(self, other: _SegmentRef, /) -> Expression: ...

@final
class Topic:
    """A kind of mail that people can choose."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def id(self) -> str:
        """UUID, 36 characters."""
    @property
    def name(self) -> str:
        """Need not be unique."""
    @property
    def description(self) -> str:
        """'' where there is none."""
    @property
    def default_subscription(self) -> _Subscription:
        """What holds for somebody who has said nothing. 'opt_in': everybody receives it unless they opted out.
        'opt_out': nobody receives it unless they opted in.
        """
    @property
    def visibility(self) -> _Visibility:
        """'public' or 'private': the preference page shows a private topic only to whoever opted in to it."""
    @property
    def basis(self) -> _Basis | Literal[""]:
        """Lawful basis of its mail, a word; '' where nobody said."""
    @property
    def created_at(self) -> datetime.datetime:
        """UTC."""
    @property
    def updated_at(self) -> datetime.datetime:
        """UTC."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class TopicCounts:
    """How many contacts said something about a topic."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def opt_ins(self) -> int:
        """Contacts with an explicit opt_in."""
    @property
    def opt_outs(self) -> int:
        """Contacts with an explicit opt_out."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class PropertyDefinition:
    """The definition of a custom property of contacts."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def key(self) -> str:
        """Letters, digits and underscores; case-sensitive."""
    @property
    def type(self) -> _PropertyType:
        """'string', 'number', 'boolean' or 'datetime'."""
    @property
    def fallback(self) -> _Property | None:
        """Shown where a contact has no value; None where there is none."""
    @property
    def created_at(self) -> datetime.datetime:
        """UTC."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Contact:
    """One person's address in a team."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def id(self) -> str:
        """UUID, 36 characters; derived from team and address."""
    @property
    def email(self) -> str:
        """The delivery spelling."""
    @property
    def first_name(self) -> str:
        """'' where unknown."""
    @property
    def last_name(self) -> str:
        """'' where unknown."""
    @property
    def properties(self) -> Mapping[str, _Property]:
        """Read-only mapping of property keys to str, float, bool or datetime."""
    @property
    def created_at(self) -> datetime.datetime:
        """UTC."""
    @property
    def updated_at(self) -> datetime.datetime:
        """UTC; when a name, the spelling or a property last changed, not permission or membership."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class TopicStanding:
    """A topic as it holds for one contact."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def topic(self) -> Topic:
        """The topic."""
    @property
    def choice(self) -> Literal["opt_in", "opt_out", "pending"] | None:
        """What the contact said: 'opt_in', 'opt_out' or 'pending'; None where nothing, so that the default holds."""
    @property
    def receives(self) -> bool:
        """Whether mail of the topic goes to the contact."""
    @property
    def reason(self) -> _Reason:
        """Why, e.g. 'topic_opted_in'."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ContactDetails:
    """A contact with segments and topics."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def contact(self) -> Contact:
        """The contact itself."""
    @property
    def unsubscribed(self) -> bool:
        """Whether from everything."""
    @property
    def segments(self) -> list[Segment]:
        """The segments it is in, as they were made."""
    @property
    def topics(self) -> list[TopicStanding]:
        """Every topic of the team, as they were made."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Suppression:
    """An address that gets nothing at all, and why."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def contact(self) -> str:
        """The contact's id; the contact itself need not exist."""
    @property
    def reason(self) -> _SuppressionReason:
        """'complaint', 'bounce' or 'manual'."""
    @property
    def email(self) -> str:
        """As it was when suppressed; '' once erased."""
    @property
    def at(self) -> datetime.datetime:
        """UTC."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Backend:
    """A kind of store."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def scheme(self) -> str:
        """How its addresses begin, e.g. 'sqlite'."""
    @property
    def description(self) -> str:
        """One line, with the engine's version."""
    @property
    def origin(self) -> str:
        """'linked in', or the path of its file."""
    @property
    def problem(self) -> str | None:
        """Why its file cannot be loaded; None where it can."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ConsentEvent:
    """One act that changed permission."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def id(self) -> str:
        """UUID, 36 characters."""
    @property
    def contact(self) -> str:
        """The contact's id."""
    @property
    def action(self) -> _Action:
        """'pending', 'opt_in', 'unsuppressed', 'removed', 'opt_out', 'suppressed' or 'erased'."""
    @property
    def everything(self) -> bool:
        """True where it is about everything, False where it is about one topic."""
    @property
    def topic(self) -> Topic | None:
        """The topic; None where about everything, or where it was deleted since."""
    @property
    def actor(self) -> _Actor:
        """'person', 'provider', 'operator', 'api' or 'import'."""
    @property
    def channel(self) -> _Channel:
        """How it came in, e.g. 'api', 'migration' or 'one_click'."""
    @property
    def at(self) -> datetime.datetime | None:
        """When it happened, UTC; None where unknown."""
    @property
    def recorded_at(self) -> datetime.datetime:
        """When it was written down, UTC."""
    @property
    def valid_until(self) -> datetime.datetime | None:
        """When the consent runs out, UTC; None: never."""
    @property
    def suppression(self) -> _SuppressionReason | None:
        """With 'suppressed' and 'unsuppressed': 'complaint', 'bounce' or 'manual'; else None."""
    @property
    def basis(self) -> str:
        """Lawful basis, a word; '' where unknown."""
    @property
    def source(self) -> str:
        """What it was read from; '' where it was a live act."""
    @property
    def reason(self) -> str:
        """The written reason of an override; '' where it is none."""
    @property
    def evidence(self) -> Mapping[str, str]:
        """What proves it: a read-only mapping, only what is known."""
    @property
    def clamped(self) -> bool:
        """True where its time was in the future and was corrected."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Recipient(structseq[str], tuple[str, str, str, str]):
    """Somebody who may receive the mail: a tuple (id, email, first_name, last_name) with names."""

    __match_args__: Final = ("id", "email", "first_name", "last_name")
    @property
    def id(self) -> str:
        """The contact's id: UUID, 36 characters."""
    @property
    def email(self) -> str:
        """The delivery spelling."""
    @property
    def first_name(self) -> str:
        """'' where unknown."""
    @property
    def last_name(self) -> str:
        """'' where unknown."""

@final
class NoTopic:
    """The type of NO_TOPIC."""

NO_TOPIC: NoTopic

@final
class Counts:
    """How many members of a segment fall under each reason."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def members(self) -> int:
        """Everybody in the segment."""
    @property
    def receives(self) -> int:
        """Of them, who may receive the mail."""
    @property
    def by_reason(self) -> Mapping[_Reason, int]:
        """Members by reason, a read-only mapping of the reasons that occur; they add up to `members`."""
    @property
    def by_override(self) -> int:
        """Of `receives`: raised by staff with a written reason."""
    @property
    def incomplete(self) -> bool:
        """True while an import, migration, rekey or copy is unfinished: people may be missing, or too many."""
    def as_dict(self) -> dict[str, Any]:
        """The JSON of `mailroll audience count`, as a new dict."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Verdict:
    """May this person get this mail, and why."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def receives(self) -> bool:
        """The answer."""
    @property
    def reason(self) -> _Reason:
        """Why, e.g. 'topic_opted_out', 'unsubscribed' or 'topic_default_opt_in'."""
    @property
    def email(self) -> str:
        """The delivery spelling; '' where there is no such contact."""
    @property
    def topic(self) -> Topic | None:
        """The topic asked about; None where none."""
    @property
    def segment(self) -> Segment | None:
        """The segment asked about; None where none."""
    @property
    def event(self) -> ConsentEvent | None:
        """The event behind the reason; None where a default or an absence decided."""
    @property
    def id(self) -> str:
        """The contact's id, whether it exists or not."""
    @property
    def incomplete(self) -> bool:
        """True while an import, migration, rekey or copy is unfinished."""
    @property
    def as_of(self) -> datetime.datetime | None:
        """The time that was asked about, UTC; None: now."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ContactIds:
    """Contact ids, ascending: a sequence of texts. Its buffer has 16 octets for each, e.g. numpy.frombuffer(ids, 'S16')
    or memoryview(ids), without a copy.
    """

    def __len__(self) -> int:
        """How many."""
    def __getitem__(self, index: int, /) -> str:
        """The id at a place: UUID, 36 characters."""
    def __iter__(self) -> Iterator[str]:
        """Iterates the texts."""
    def __eq__(self, other: object, /) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

@final
class SegmentOverlap:
    """How many contacts each two segments have in common."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def segments(self) -> list[str]:
        """As asked for: names, ids or expressions."""
    @property
    def rows(self) -> list[list[int]]:
        """A list of lists: members of the segment of the row and of that of the column."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class SnapshotMatrix:
    """Every segment by every topic by reason."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def segments(self) -> list[Segment]:
        """The Segments, one for each row."""
    @property
    def topics(self) -> list[Topic | None]:
        """The Topics, one for each column; the first is None: without a topic."""
    @property
    def rows(self) -> list[list[Counts]]:
        """A list of lists of Counts."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class SegmentChange:
    """How a segment has changed between two snapshots."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def segment(self) -> Segment:
        """The Segment, as the newer one has it."""
    @property
    def joined(self) -> int:
        """Members that were none."""
    @property
    def left(self) -> int:
        """Those who were members, and are none."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class TopicChange:
    """How a topic has changed between two snapshots."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def topic(self) -> Topic | None:
        """The Topic; None: mail without a topic."""
    @property
    def gained(self) -> int:
        """Contacts who may receive it, and could not."""
    @property
    def lost(self) -> int:
        """Contacts who could receive it, and may not."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class SnapshotDiff:
    """What is another in a snapshot than in an older one."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def added(self) -> int:
        """New contacts."""
    @property
    def removed(self) -> int:
        """Contacts who are gone."""
    @property
    def segments(self) -> list[SegmentChange]:
        """A list of SegmentChange, one for each segment there is now."""
    @property
    def topics(self) -> list[TopicChange]:
        """A list of TopicChange: without a topic, then of each topic there is now."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class AudienceDiff:
    """Who gained and who lost a kind of mail between two snapshots."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def gained(self) -> ContactIds:
        """ContactIds of those who may receive it, and could not."""
    @property
    def lost(self) -> ContactIds:
        """ContactIds of those who could receive it, and may not."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class SnapshotPeople:
    """Whom a segment, an expression or a filter means in one Snapshot: & those in both, | in any, - in the left and not
    in the right. ValueError where the two are of two snapshots.
    """

    def __len__(self) -> int:
        """How many, whether they may receive anything or not."""
    @property
    def said(self) -> str:
        """What was asked for, as it was said."""
    def __and__(self, other: SnapshotPeople) -> SnapshotPeople: ...
    def __or__(self, other: SnapshotPeople) -> SnapshotPeople: ...
    def __sub__(self, other: SnapshotPeople) -> SnapshotPeople: ...

@final
class Snapshot:
    """One team in memory, as its store had it at one moment: answers in milliseconds what the store would have answered
    then. What happened since, consent that ran out since included, is not in it: mail goes to people who are leased.
    Never changes; may be shared by threads; needs no open roll. Holds ids and no addresses.
    """

    @property
    def as_of(self) -> datetime.datetime:
        """When it was read from the store, UTC."""
    @property
    def age(self) -> datetime.timedelta:
        """How old that is: a timedelta."""
    @property
    def cursor(self) -> int | None:
        """Up to which position of the store's log of changes everything is in it; None where that is not known, as in a
        store that keeps no log. Roll.refresh() goes on behind it.
        """
    @property
    def incomplete(self) -> bool:
        """True where an import, migration, rekey or copy was unfinished: people may be missing."""
    @property
    def contacts(self) -> int:
        """How many contacts the team had."""
    @property
    def segments(self) -> list[Segment]:
        """A list of the Segments, as made."""
    @property
    def topics(self) -> list[Topic]:
        """A list of the Topics, as made."""
    def meant(self, segment: _SegmentRef) -> SnapshotPeople:
        """The SnapshotPeople whom a segment or an expression means."""
    def where(self, filter: str | Filter) -> SnapshotPeople:
        """The SnapshotPeople whom a filter means, as of then: its text, its JSON or a Filter. Invalid, with the reason
        not_loaded, where the snapshot was loaded without the columns that it asks for.
        """
    def count(self, segment: _SegmentRef | SnapshotPeople, *, topic: _TopicRef | NoTopic) -> Counts:
        """Counts by reason, of a segment, an expression or SnapshotPeople, as Audience.count()."""
    def people(self, segment: _SegmentRef | SnapshotPeople, *, topic: _TopicRef | NoTopic) -> ContactIds:
        """The ContactIds of who may receive it."""
    def sample(
        self, segment: _SegmentRef | SnapshotPeople, *, topic: _TopicRef | NoTopic, size: int, seed: int
    ) -> ContactIds:
        """The ContactIds of `size` of them, each as likely as any other; all of them where there are no more. The same
        seed takes the same people out of the same audience.
        """
    def overlap(self, segments: Sequence[_SegmentRef | SnapshotPeople]) -> SegmentOverlap:
        """How many contacts each two of these segments, expressions or SnapshotPeople have in common: a
        SegmentOverlap.
        """
    def matrix(self) -> SnapshotMatrix:
        """Every segment by every topic by reason: a SnapshotMatrix."""
    def diff(self, older: Snapshot) -> SnapshotDiff:
        """What is another than in an older one of the same team: a SnapshotDiff, of numbers."""
    def audience_diff(self, older: Snapshot, segment: _SegmentRef, *, topic: _TopicRef | NoTopic) -> AudienceDiff:
        """Who gained and who lost this mail since the older one: an AudienceDiff, of ids."""
    def save(self, path: _Path) -> None:
        """Writes it into a file, readable for its owner alone, which takes the place of what is there once it is whole.
        StorageError where it cannot be written.
        """

@final
class Refreshed:
    """What Roll.refresh() made of an older snapshot."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def snapshot(self) -> Snapshot:
        """The Snapshot."""
    @property
    def changes(self) -> int:
        """How many changes it took from the store's log."""
    @property
    def reloaded(self) -> bool:
        """True: the whole team was read instead."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Follower:
    """A snapshot that follows its store: a thread refreshes it every half second, so that while the store answers, the
    latest is at most about a second old. Where a refresh had to load the whole team, the next one waits as long as that
    took. While the store fails it keeps the last snapshot and goes on trying. A context manager; may be shared by
    threads.
    """

    def latest(self) -> Snapshot:
        """The newest Snapshot. Never waits; after stop() it is the last one."""
    @property
    def age(self) -> datetime.timedelta:
        """How old the latest is: a timedelta."""
    @property
    def error(self) -> Error | None:
        """Why the last refresh failed, an Error; None where it did not."""
    def stop(self) -> None:
        """Ends the thread, and waits until what it is reading is read. Any number of times."""
    def __enter__(self) -> Follower:
        """Answers the follower itself."""
    def __exit__(self, *args: object) -> None:
        """Stops it."""

@final
class Audience:
    """Who in a segment may receive a kind of mail. Asks the store whenever it is read; iterating streams the
    recipients, ascending by id, in bounded memory. May be shared by threads.
    """

    def __iter__(self) -> Iterator[Recipient]:
        """Recipients as of about now: pages are read one after the other, without the GIL."""
    def count(self) -> Counts:
        """Exact counts by reason, as of now."""
    def partition(self, index: int, count: int) -> Audience:
        """Part `index` (1 to `count`) of `count` disjoint parts that together are the audience, e.g. one for each
        worker. Invalid where out of order.
        """
    def page(self, *, after: _Who | None = None, limit: int = 1000) -> list[Recipient]:
        """A list of the next recipients after `after`, an id or a Recipient (None: from the start), at most `limit` (1
        to 100,000); [] means the end.
        """
    @property
    def segment(self) -> Segment | None:
        """The segment; None for an expression of several."""
    @property
    def topic(self) -> Topic | None:
        """The topic; None with NO_TOPIC."""
    @property
    def incomplete(self) -> bool:
        """True while an import, migration, rekey or copy is unfinished: people may be missing, or too many."""

@final
class Usage:
    """How many contacts a team has, beside what counting per audience gave."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def global_(self) -> int:
        """Contacts, each once."""
    @property
    def per_audience(self) -> int:
        """One for each segment a contact is in."""
    def as_dict(self) -> dict[str, int]:
        """The JSON of `mailroll usage`, as a new dict."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class MigrationSummary:
    """The counts of a migration, planned or done."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def dry_run(self) -> bool:
        """False once applied."""
    @property
    def policy(self) -> _Policy:
        """'topics' or 'everything'."""
    @property
    def rows(self) -> int:
        """Data rows read."""
    @property
    def rejected(self) -> int:
        """Rows that could not be read."""
    @property
    def duplicates(self) -> int:
        """Rows that repeat a contact of the same audience."""
    @property
    def audiences(self) -> int:
        """Audiences read."""
    @property
    def contacts(self) -> int:
        """Distinct contacts among the accepted rows."""
    @property
    def contacts_created(self) -> int:
        """Of them, new."""
    @property
    def contacts_updated(self) -> int:
        """Of them, changed."""
    @property
    def contacts_unchanged(self) -> int:
        """Of them, as they were."""
    @property
    def memberships(self) -> int:
        """Distinct pairs of audience and contact."""
    @property
    def segments(self) -> int:
        """Segments that the audiences amount to."""
    @property
    def topics(self) -> int:
        """Topics that the audiences amount to."""
    @property
    def opt_ins(self) -> int:
        """Explicit opt-ins that the input amounts to."""
    @property
    def opt_outs(self) -> int:
        """Explicit opt-outs that the input amounts to."""
    @property
    def unsubscribed(self) -> int:
        """Contacts that end unsubscribed from everything."""
    @property
    def kept_opted_out(self) -> int:
        """Pairs of contact and scope that were not raised."""
    @property
    def kept_removed(self) -> int:
        """Pairs whose opt-in ended with the contact's removal."""
    @property
    def left_to_topics(self) -> int:
        """Contacts unsubscribed in all of this input's audiences, while the input is not complete."""
    @property
    def name_conflicts(self) -> int:
        """Contacts with more than one pair of names."""
    @property
    def address_spellings(self) -> int:
        """Contacts with more than one spelling."""
    @property
    def property_conflicts(self) -> int:
        """Contacts whose rows disagree on a property."""
    @property
    def alias_conflicts(self) -> int:
        """Old ids that several contacts claim."""
    @property
    def usage(self) -> Usage:
        """Contacts counted once, beside counted per audience."""
    @property
    def rejected_by_reason(self) -> Mapping[_RejectReason, int]:
        """Rejected rows by reason: a read-only mapping, what occurs."""
    def as_dict(self) -> dict[str, Any]:
        """The JSON of `mailroll migrate audiences`, as a new dict."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ImportSummary:
    """The counts of an import, planned or done."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def dry_run(self) -> bool:
        """False once applied."""
    @property
    def rows(self) -> int:
        """Data rows read."""
    @property
    def by_verdict(self) -> Mapping[_RowVerdict, int]:
        """Rows by what becomes of them: a read-only mapping, what occurs; they add up to `rows`. 'rejected',
        'duplicate', 'kept_opted_out', 'kept_removed', 'created', 'updated' or 'unchanged'.
        """
    @property
    def rejected_by_reason(self) -> Mapping[_RejectReason, int]:
        """Rejected rows by reason: a read-only mapping, what occurs."""
    @property
    def opt_ins(self) -> int:
        """Choices raised."""
    @property
    def unsubscribed(self) -> int:
        """Contacts that the file unsubscribes from everything."""
    @property
    def kept_opted_out(self) -> int:
        """Pairs of contact and scope that were not raised."""
    @property
    def kept_removed(self) -> int:
        """Pairs whose opt-in ended with the contact's removal."""
    def as_dict(self) -> dict[str, Any]:
        """The JSON of `mailroll contacts import`, as a new dict."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class AudienceEffect:
    """One old audience: who received its mail before, and who receives it now."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def name(self) -> str:
        """The audience's name."""
    @property
    def members(self) -> int:
        """Contacts in it."""
    @property
    def received_before(self) -> int:
        """Of them, reached by the old audience."""
    @property
    def receives_after(self) -> int:
        """Of them, reached under the plan's policy."""
    @property
    def receives_after_everything(self) -> int:
        """Of them, reached under the policy 'everything'."""
    @property
    def gains(self) -> int:
        """Not reached before, reached after: always 0, counted to show it."""
    @property
    def loses(self) -> int:
        """Reached before, not reached after."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Effect:
    """Somebody whose mail changes."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def id(self) -> str:
        """The contact's id."""
    @property
    def email(self) -> str:
        """The delivery spelling."""
    @property
    def audience(self) -> str:
        """The old audience."""
    @property
    def received_before(self) -> bool:
        """Whether the old audience reached them."""
    @property
    def receives_after(self) -> bool:
        """Whether mail reaches them under the policy."""
    @property
    def reason(self) -> _Reason:
        """Of the answer after, e.g. 'unsubscribed'."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class RowConflict:
    """Rows of one contact that disagree."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def id(self) -> str:
        """The contact's id."""
    @property
    def email(self) -> str:
        """The delivery spelling."""
    @property
    def what(self) -> Literal["name", "spelling", "property", "alias"]:
        """'name', 'spelling', 'property' or 'alias'."""
    @property
    def key(self) -> str:
        """Of the property; '' otherwise."""
    @property
    def kept(self) -> str:
        """The value that is kept."""
    @property
    def others(self) -> list[str]:
        """What else the rows say, in order of reading."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class MigrationPlan:
    """What a migration of old audiences would do. Holds the accepted rows in a temporary folder until it is gone."""

    @property
    def summary(self) -> MigrationSummary:
        """The counts of the plan; once applied, of what was done."""
    @property
    def audiences(self) -> list[AudienceEffect]:
        """A list of AudienceEffect, one for each old audience, in the order of the input."""
    @property
    def complete(self) -> bool:
        """True where the input holds every audience there is."""
    def conflicts(self) -> Iterator[RowConflict]:
        """Iterates the RowConflicts, ascending by contact. All are gathered first: about 200 bytes each."""
    def effects(self, policy: _Policy | None = None) -> Iterator[Effect]:
        """Iterates the Effects under a policy, 'topics' or 'everything' (None: the plan's own), ascending by contact,
        then audience. Reads the store again; all are gathered first: about 150 bytes each.
        """
    def apply(self, *, progress: _Progress = None) -> MigrationSummary:
        """Does it, and answers the summary. `progress`: True draws a bar; or a function(phase, done, total) that may
        answer False to stop (Cancelled). Each contact is whole or absent; after Ctrl-C what was committed stays, and
        planning and applying the same input again completes it. Applying again changes nothing.
        """

@final
class ImportPlan:
    """What an import of contacts would do."""

    @property
    def summary(self) -> ImportSummary:
        """The counts of the plan, which is made when they are first asked for; once applied, of what was done."""
    def apply(self, *, progress: _Progress = None) -> ImportSummary:
        """Does it, and answers the summary; progress and Ctrl-C as with MigrationPlan.apply."""

@final
class Contacts:
    """roll.contacts. Wherever one contact is meant: its address in any spelling, its id (also one from before a
    migration), a Contact or a Recipient.
    """

    def add(
        self,
        email: str,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        properties: Mapping[str, _Property] | None = None,
        segments: _SegmentRef | Iterable[_SegmentRef] = (),
    ) -> Contact:
        """Adds a contact, or changes the existing one: only what is given, and never permission. `properties` maps
        defined keys to str, bool, int, float or an aware datetime. Invalid for what is no address (details['reason']),
        Refused for an erased address.
        """
    def get(self, who: _Who) -> Contact:
        """The contact; NotFound where there is none."""
    def find(self, who: _Who) -> Contact | None:
        """The contact; None where there is none."""
    def show(self, who: _Who) -> ContactDetails:
        """The contact with its segments and topics; NotFound where there is none."""
    def list(self, segment: _SegmentRef | None = None) -> Iterator[Contact]:
        """Iterates the contacts, of one segment if given, ascending by id; reads the store page by page."""
    def update(
        self,
        who: _Who,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        properties: Mapping[str, _Property | None] | None = None,
    ) -> Contact:
        """Changes what is given: '' clears a name, None as a property's value clears it. NotFound if there is none."""
    def remove(self, who: _Who) -> None:
        """Deletes profile, properties and memberships, which ends each opt-in. Opt-outs stay and hold again if the
        address comes back. NotFound where there is none.
        """
    def erase(self, who: _Who, *, reason: str | None = None) -> ConsentEvent:
        """Forgets a person: everything but hashed ids, scopes, kinds and times goes, under this address and those they
        had before, in one transaction; they are left alone from then on, and only they can come back, by a confirmed
        sign-up. Answers the ConsentEvent. Works for an address that is no contact too, and when repeated. `reason` is
        kept: leave names and addresses out of it. docs/erasure.md says what stays.
        """
    def export_person(self, who: _Who) -> dict[str, Any]:
        """Everything held on one person, as plain dicts and lists: contact, segments, topics, suppressions, events
        with their evidence. NotFound where nothing is held.
        """
    def change_address(self, who: _Who, email: str) -> Contact:
        """Gives a contact another address; the old id goes on leading to it. What the person said goes along, and
        stays under the old address too; bounces stay with the old address. Conflict where the new address is a contact,
        Refused where it was erased.
        """
    def merge(self, keep: _Who, other: _Who) -> Contact:
        """Makes one contact of two: `keep` gets the other's segments, missing names and properties, and all that was
        said. A scope that either opted out of ends opted out; what waits to be confirmed goes on waiting. Refused where
        either was erased.
        """
    def revoke_links(self, who: _Who) -> int:
        """Makes the links that were sent so far good for leaving only, e.g. after a mail was forwarded. Answers how
        often that was done.
        """
    def import_file(
        self,
        path: _Path,
        *,
        segments: _SegmentRef | Iterable[_SegmentRef] = (),
        topics: _TopicRef | Iterable[_TopicRef] = (),
        columns: Mapping[str, str | None] | None = None,
        on_conflict: Literal["update", "keep"] = "update",
        strict_properties: bool = False,
        rejects: _Path | None = None,
        progress: _Progress = None,
    ) -> ImportPlan:
        """Plans the import of a CSV or NDJSON file ('-': standard input); plan.apply() does it. Every contact joins
        `segments`, made where they do not exist; the rows are opt-ins to `topics`, which must exist. `columns` maps
        headers to fields or property keys, None leaves a column out. on_conflict='keep' leaves existing profiles as
        they are. strict_properties=True rejects rows with a column that is not defined. Rejected rows are listed in the
        file `rejects`, as NDJSON without addresses. `progress` as with apply(). Invalid where the file cannot be read.
        """
    def export(
        self,
        file: _Path | _Writable,
        *,
        segment: _SegmentRef | None = None,
        format: Literal["csv", "ndjson"] | None = None,
        progress: _Progress = None,
    ) -> int:
        """Writes all contacts, or those of a segment, ascending by id, in the columns that import_file reads, to a path
        or a file object (text or binary), and answers how many. `format` is 'csv' or 'ndjson'; without it the ending
        .ndjson or .jsonl says, else CSV.
        """

@final
class Filter:
    """Which contacts a dynamic segment has (docs/segments.md), made of mailroll.prop, mailroll.field and the questions
    by comparisons, & (both), | (any) and ~ (not). Stands wherever the text of a filter does; str() is that text. Names
    are looked up where it is used. Equal to another of the same text.
    """

    def __and__(self, other: Filter | FilterValue, /) -> Filter: ...
    def __or__(self, other: Filter | FilterValue, /) -> Filter: ...
    def __invert__(self) -> Filter: ...
    def __bool__(self) -> NoReturn: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def to_json(self) -> str:
        """The filter as JSON, on one line."""

@final
class FilterValue:
    """What a filter compares: mailroll.prop.plan, mailroll.field.email, mailroll.now(). ==, !=, <, <=, > and >= with a
    str, a number, a bool, a datetime or another one make a Filter; + and - move a time by a timedelta of whole seconds.
    A boolean property is itself a condition.
    """

    __hash__: ClassVar[None]  # type: ignore[assignment]
    def __eq__(self, other: _Operand, /) -> Filter: ...  # type: ignore[override]
    def __ne__(self, other: _Operand, /) -> Filter: ...  # type: ignore[override]
    def __lt__(self, other: _Operand, /) -> Filter: ...
    def __le__(self, other: _Operand, /) -> Filter: ...
    def __gt__(self, other: _Operand, /) -> Filter: ...
    def __ge__(self, other: _Operand, /) -> Filter: ...
    def __add__(self, by: datetime.timedelta, /) -> FilterValue: ...
    def __sub__(self, by: datetime.timedelta, /) -> FilterValue: ...
    def __and__(self, other: Filter | FilterValue, /) -> Filter: ...
    def __or__(self, other: Filter | FilterValue, /) -> Filter: ...
    def __invert__(self) -> Filter: ...
    def __bool__(self) -> NoReturn: ...
    def is_null(self) -> Filter:
        """Whether the contact has none. ~ negates it."""
    def in_(self, values: Iterable[_Operand]) -> Filter:
        """Whether it is one of these, at least one."""
    def between(self, low: _Operand, high: _Operand) -> Filter:
        """Whether it is from the one to the other, both included."""
    def like(self, pattern: str) -> Filter:
        """Whether the whole text fits: % stands for any letters, _ for one, and \\ takes the next as it is."""
    def starts_with(self, text: str) -> Filter:
        """Whether the text begins so, letter by letter."""

@final
class FilterProperties:
    """The type of mailroll.prop: mailroll.prop.plan, or mailroll.prop["class"], is a custom property in a filter."""

    def __getattr__(self, key: str, /) -> FilterValue: ...
    def __getitem__(self, key: str, /) -> FilterValue: ...

@final
class FilterFields:
    """The type of mailroll.field: what every contact has, in a filter, e.g. mailroll.field.email."""

    @property
    def email(self) -> FilterValue:
        """The address, in the delivery spelling."""
    @property
    def email_domain(self) -> FilterValue:
        """What is behind the @: lower case and ASCII (xn--...)."""
    @property
    def first_name(self) -> FilterValue:
        """Null where it is empty."""
    @property
    def last_name(self) -> FilterValue:
        """Null where it is empty."""
    @property
    def created_at(self) -> FilterValue:
        """A time."""
    @property
    def updated_at(self) -> FilterValue:
        """A time."""

prop: FilterProperties
field: FilterFields
unsubscribed: Filter

def now() -> FilterValue:
    """In a filter: the moment of the question."""

def in_segment(segment: _SegmentRef) -> Filter:
    """In a filter: whether the contact is in the segment, a name, an id or a Segment."""

def opted_in(topic: _TopicRef) -> Filter:
    """In a filter: whether the person chose the topic."""

def opted_out(topic: _TopicRef) -> Filter:
    """In a filter: whether the person declined the topic."""

def receives(topic: _TopicRef) -> Filter:
    """In a filter: whether mail about the topic may be sent, as roll.explain() says."""

def parse_filter(text: str) -> Filter:
    """Reads the text of a filter, or its JSON. Invalid, with details['column'] or details['path'], where it is none."""

@final
class Segments:
    """roll.segments. Wherever a segment is meant: its name, its id, or a Segment. A name that several bear is a
    Conflict whose details['ids'] lists them.
    """

    def create(self, name: str, where: _Where | None = None) -> Segment:
        """Makes a segment. Names need not be unique; 1 to 200 characters, else Invalid. `where`: a filter such as
        "plan = 'pro'", its JSON or a Filter, which makes the segment dynamic: whoever it means is in it, at every
        moment; Invalid, with details['column'], or details['path'] of JSON and of a Filter, where it is none.
        """
    def get(self, segment: _SegmentRef) -> Segment:
        """The segment; NotFound where there is none."""
    def find(self, segment: _SegmentRef) -> Segment | None:
        """The segment; None where there is none."""
    def list(self) -> list[Segment]:
        """All segments, as they were made."""
    def update(self, segment: _SegmentRef, *, name: str | None = None, where: _Where | None = None) -> Segment:
        """Gives it another name, or a dynamic one another filter; answers the segment as it is now. Refused for the
        filter of a static one.
        """
    def where(self, segment: _SegmentRef) -> str:
        """The filter as people read it, with the names of segments and topics; '' for a static segment."""
    def filter(self, segment: _SegmentRef) -> Filter | None:
        """The same as a Filter; None for a static segment."""
    def materialise(self, segment: _SegmentRef, *, progress: _Progress = None) -> SegmentRefresh:
        """Keeps the members of a dynamic segment as rows from now on: who asks then reads those, as of the last
        refresh(), and events() says who came and went. Refused for a static one. Stopped by `progress`, it goes on
        with the next call.
        """
    def refresh(self, segment: _SegmentRef, *, progress: _Progress = None) -> SegmentRefresh:
        """Brings materialised members up to date: a SegmentRefresh. Looks only at contacts that changed since, unless
        the filter has now() in it. Refused for a segment that is not materialised.
        """
    def stop_materialising(self, segment: _SegmentRef) -> Segment:
        """The filter is asked again from now on; the rows go."""
    def events(self, segment: _SegmentRef, after: int = 0, limit: int = 1000) -> SegmentEvents:
        """Who entered and left a materialised segment after a position, oldest first, at most `limit` (1 to 10,000): a
        SegmentEvents. Of one contact only what happened last. Refused where what is behind the position is no longer
        kept: details['position'] says where to go on after reading all members.
        """
    def remove(self, segment: _SegmentRef) -> None:
        """Deletes the segment and its memberships. Refused while a filter names it. Contacts and permission stay as
        they are.
        """
    def add(self, segment: _SegmentRef, contacts: _Who | Iterable[_Who]) -> int:
        """Puts contacts in, one or several; answers how many were not in it before. Permission stays as it is.
        Refused for a dynamic segment. NotFound, and nobody is put in, where one does not exist: details['index'] says
        which.
        """
    def take_out(self, segment: _SegmentRef, contacts: _Who | Iterable[_Who]) -> int:
        """Takes contacts out, one or several; answers how many were in it."""
    def count(self, segment: _SegmentRef) -> int:
        """How many contacts are in it."""

@final
class Topics:
    """roll.topics. Wherever a topic is meant: its name, its id, or a Topic. A name that several bear is a Conflict
    whose details['ids'] lists them.
    """

    def create(
        self,
        name: str,
        *,
        default_subscription: _Subscription,
        visibility: _Visibility = "private",
        description: str = "",
        basis: _Basis | Literal[""] = "",
    ) -> Topic:
        """Makes a topic; name at most 50 characters, description at most 200. `default_subscription` holds for whoever
        has said nothing and cannot be changed later: 'opt_in' means that everybody receives it unless they opted out,
        'opt_out' that nobody does unless they opted in. `visibility`: 'public' or 'private'. `basis`: the lawful basis
        of its mail, one of consent, contract, implied_consent, legal_obligation, legitimate_interest, public_task,
        soft_opt_in and vital_interest, which its opt-ins then carry; mail that nobody asked for is not sent on consent
        (GDPR Art. 4(11)), so an 'opt_in' topic needs another.
        """
    def get(self, topic: _TopicRef) -> Topic:
        """The topic; NotFound where there is none."""
    def find(self, topic: _TopicRef) -> Topic | None:
        """The topic; None where there is none."""
    def list(self) -> list[Topic]:
        """All topics, as they were made."""
    def update(
        self,
        topic: _TopicRef,
        *,
        name: str | None = None,
        description: str | None = None,
        visibility: _Visibility | None = None,
        basis: _Basis | Literal[""] | None = None,
    ) -> Topic:
        """Changes what is given (basis='' takes it away); answers the topic as it is now."""
    def remove(self, topic: _TopicRef) -> None:
        """Deletes the topic. Never raises permission; what people chose stays with its events."""
    def count(self, topic: _TopicRef) -> TopicCounts:
        """How many contacts said something about it."""

@final
class Properties:
    """roll.properties: which custom properties contacts may have."""

    def create(self, key: str, type: _PropertyType, *, fallback: _Property | None = None) -> PropertyDefinition:
        """Defines a property: letters, digits and underscores, at most 50; `type` 'string', 'number', 'boolean' or
        'datetime'. `fallback`, of that type, is shown where a contact has no value. Defining it again alike changes the
        fallback; with another type is a Conflict.
        """
    def update(self, key: str, *, fallback: _Property | None) -> PropertyDefinition:
        """Changes the fallback (None: none any more); key and type are for good. NotFound where there is none."""
    def get(self, key: str) -> PropertyDefinition:
        """The definition; NotFound where there is none."""
    def find(self, key: str) -> PropertyDefinition | None:
        """The definition; None where there is none."""
    def list(self) -> list[PropertyDefinition]:
        """All definitions, by key."""
    def remove(self, key: str) -> None:
        """Deletes the definition and every contact's value. NotFound where there is none."""

@final
class BounceRule:
    """When soft bounces become a suppression."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def count(self) -> int:
        """So many soft bounces, 1 to 100 ..."""
    @property
    def days(self) -> int:
        """... within so many days, 1 to 365."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class SuppressionImport:
    """What became of a file of suppressions."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def rows(self) -> int:
        """Data rows read."""
    @property
    def added(self) -> int:
        """Not suppressed so before."""
    @property
    def unchanged(self) -> int:
        """Stood already, or came twice."""
    @property
    def rejected(self) -> int:
        """Rows that could not be read."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Suppressions:
    """roll.suppressions: addresses that get nothing at all."""

    def add(self, email: str, reason: _SuppressionReason, *, note: str = "") -> Suppression:
        """From now on this address gets nothing, whether it is a contact or not. `reason`: 'bounce', 'complaint' or
        'manual'; a complaint also opts the person out of everything, for good. Adding it again changes nothing.
        """
    def list(self) -> Iterator[Suppression]:
        """Iterates the suppressions, by contact id, then reason; reads the store page by page."""
    def record_bounce(
        self, email: str, kind: Literal["hard", "soft"], *, at: datetime.datetime | None = None
    ) -> Suppression | None:
        """A report of a failed delivery, `kind` 'hard' or 'soft'; answers the Suppression that stands, None where none
        does. Hard: suppressed at once. Soft: once as many as bounce_rule() says lie within its days. `at`: when, a
        datetime with a zone (None, or in the future: now); the same time again is the same report.
        """
    def bounce_rule(self) -> BounceRule:
        """When soft bounces become a suppression; 3 within 30 days unless set."""
    def set_bounce_rule(self, *, count: int | None = None, days: int | None = None) -> BounceRule:
        """Changes what is given: `count` (1 to 100) soft bounces within `days` (1 to 365). Answers the rule as it is
        now. Invalid out of bounds.
        """
    def import_file(
        self,
        path: _Path,
        *,
        reason: _SuppressionReason = "manual",
        rejects: _Path | None = None,
        progress: _Progress = None,
    ) -> SuppressionImport:
        """Adds every address of a CSV or NDJSON file, columns email and, if there, reason and note; rows without a
        reason have `reason`. A bad row is rejected, listed in the file `rejects` (NDJSON without addresses), and the
        rest is done. In chunks: stopped and begun again, it completes. The same file again changes nothing, save that
        what was lifted since stands again. `progress` as with plan.apply().
        """
    def remove(self, who: _Who, *, reason: _SuppressionReason | None = None, note: str = "") -> None:
        """Lifts one reason, or all (None). Opt-outs stay. NotFound where none stands. `note`: why, kept with the event;
        Invalid without one where a complaint is lifted.
        """

@final
class Events:
    """roll.events: the consent events."""

    def list(self, who: _Who) -> list[ConsentEvent]:
        """The consent events of one person, oldest first; [] where nothing was said. Works without a contact too."""

@final
class Teams:
    """roll.teams: the teams of the store."""

    def create(self, name: str) -> Team:
        """Makes a team; Conflict where the name is taken."""
    def list(self) -> list[Team]:
        """All teams of the store, as they were made."""

@final
class KeyInfo:
    """A key without its secret."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def kind(self) -> _KeyKind:
        """'hash' (contact ids) or 'link' (tokens in links)."""
    @property
    def id(self) -> int:
        """From 1, within its kind."""
    @property
    def state(self) -> Literal["signing", "retired", "revoked"]:
        """'signing', 'retired' or 'revoked'."""
    @property
    def fingerprint(self) -> str:
        """Tells keys apart and says nothing of the secret."""
    @property
    def in_store(self) -> bool:
        """Whether the store keeps the secret."""
    @property
    def given(self) -> bool:
        """False where the secret is neither in the store nor given from outside: links under it are not believed."""
    @property
    def people(self) -> int:
        """Of hash keys: contacts of this team whose id is computed under it."""
    @property
    def created_at(self) -> datetime.datetime:
        """When it was made."""
    @property
    def changed_at(self) -> datetime.datetime | None:
        """When it was retired or revoked; else None."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class RetentionRule:
    """How long evidence of some kind is kept."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def field(self) -> _EvidenceField | None:
        """E.g. 'ip'; None: all that has no rule of its own."""
    @property
    def action(self) -> _Action | None:
        """Of which events, e.g. 'opt_in'; None: of all others."""
    @property
    def days(self) -> int:
        """1 to 36500, counted from when the event was recorded."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class RetentionReport:
    """What apply_retention() did."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def looked_at(self) -> int:
        """Events."""
    @property
    def redacted(self) -> int:
        """Events that lost evidence, or would."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class RekeyReport:
    """What rekey() did."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def looked_at(self) -> int:
        """Contacts that were under another key or Unicode version."""
    @property
    def moved(self) -> int:
        """That have a new id; the old one is an alias of theirs."""
    @property
    def collisions(self) -> int:
        """Whose new id another contact has: left as they are."""
    @property
    def unreadable(self) -> int:
        """Whose address this version takes for none: left as they are."""
    @property
    def without_address(self) -> int:
        """Ids of which nobody knows the address: each stays under its key, and is found there."""
    @property
    def collided(self) -> list[tuple[str, str]]:
        """The ids of each two that collide, the first 100."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Keys:
    """roll.keys: what contact ids are computed under and links are signed with. Keys belong to the store, not to a
    team. docs/keys.md tells how to change them.
    """

    def list(self) -> list[KeyInfo]:
        """All keys, by kind, then id."""
    def add(self, kind: _KeyKind) -> KeyInfo:
        """Makes a key that signs from now on, 'hash' or 'link', and retires the one that did. Where the store does not
        keep the secrets, the new one must stand in the keyring first, as a line 'hash ID HEX' or 'link ID HEX': else
        Invalid. A new hash key changes no id until rekey().
        """
    def retire(self, kind: _KeyKind, id: int) -> KeyInfo:
        """Takes a key out of signing; what it signed stays good. Refused for the only one that signs."""
    def revoke(self, kind: _KeyKind, id: int) -> KeyInfo:
        """A leaked link key: links that it signed are no longer believed. Refused for hash keys and for the only key
        that signs.
        """
    def move_out(self, file: _Path) -> int:
        """Moves the secrets that the store keeps into a new file of mode 0600 and answers how many went; Conflict where
        there is such a file. From then on open() needs it as key_file. Keep a copy: without the hash keys the store
        does not open.
        """
    def rekey(self, *, progress: _Progress = None) -> RekeyReport:
        """Moves every contact of the team that is under another key or Unicode version to its id under the signing key,
        with everything it has; old ids stay as aliases. In chunks: stopped and begun again, it goes on. `progress` as
        with plan.apply().
        """

@final
class Batch:
    """People leased to a worker."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def lease(self) -> str | None:
        """The lease's id; None where there are no people."""
    @property
    def broadcast(self) -> str:
        """The broadcast's name."""
    @property
    def people(self) -> list[Recipient]:
        """Recipients, ascending by id; [] though there are more where nobody was found so far: then ask again."""
    @property
    def expires_at(self) -> datetime.datetime | None:
        """UTC; others may lease them from then on. None where there are no people."""
    @property
    def done(self) -> bool:
        """True where a whole walk of the segment found nobody to lease."""
    @property
    def outstanding(self) -> int:
        """Leased to anybody and not yet confirmed, these included."""
    @property
    def incomplete(self) -> bool:
        """True while an import, migration, rekey or copy is unfinished: people may be missing, or too many."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class HandoffReport:
    """What became of people that were to be confirmed or released."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def done(self) -> int:
        """Confirmed, or released."""
    @property
    def repeated(self) -> int:
        """Were so already."""
    @property
    def withdrawn(self) -> int:
        """Left in the meantime: they stay withdrawn."""
    @property
    def kept(self) -> int:
        """The other was said of them, and stays: confirmed ones that were to be released; ones released by name where
        all of the lease was to be confirmed.
        """
    @property
    def lost(self) -> int:
        """The lease ran out and somebody else has them, or it never had them."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class BroadcastStatus:
    """How far a broadcast is."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def broadcast(self) -> str:
        """Its name."""
    @property
    def leased(self) -> int:
        """In the hands of workers, or forgotten by them."""
    @property
    def confirmed(self) -> int:
        """Handed over: they get nothing of it again."""
    @property
    def released(self) -> int:
        """Given back, to be leased again."""
    @property
    def withdrawn(self) -> int:
        """Left while they were leased: they get nothing of it."""
    @property
    def created_at(self) -> datetime.datetime:
        """UTC."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Handoff:
    """A worker's side of one broadcast: roll.handoff() gives it. May be shared by threads."""

    def lease(self, limit: int) -> Batch:
        """Leases up to `limit` (1 to 10,000) people: those released or whose lease ran out first, then the next of the
        segment; each may receive it in that very moment. Answers a Batch; one call looks at 20,000 members at most, so
        go on until batch.done. NotFound where the segment or the topic is gone.
        """
    def confirm(self, lease: Batch | str, people: Iterable[Recipient | str] | None = None) -> HandoffReport:
        """These people were handed over: they get nothing of this broadcast again. `lease`: a Batch or a lease's id;
        `people`: Recipients or ids; None: all whom the lease still has, save those who were released by name.
        Idempotent. Who was named, and was released or whose lease ran out, is confirmed while nobody else has them.
        """
    def release(self, lease: Batch | str, people: Iterable[Recipient | str] | None = None) -> HandoffReport:
        """These people were not mailed, and others may lease them. Otherwise as confirm()."""
    def status(self) -> BroadcastStatus:
        """How far the broadcast is."""

@final
class FeedItem:
    """Something that lowered permission."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def position(self) -> int:
        """The cursor: ask for what is after it."""
    @property
    def event(self) -> ConsentEvent:
        """The event; its `contact` is the id as it is now."""
    @property
    def email(self) -> str:
        """The delivery spelling; '' where the address is not held any more."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class FeedPage:
    """A part of the feed."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def items(self) -> list[FeedItem]:
        """In order; drop an event id that you have had."""
    @property
    def next(self) -> int:
        """The cursor behind the last item, or the one that was asked for."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ExpiringConsent:
    """Consent that runs out."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def contact(self) -> str:
        """The contact's id."""
    @property
    def email(self) -> str:
        """The delivery spelling; '' where there is no such contact."""
    @property
    def topic(self) -> Topic | None:
        """The topic."""
    @property
    def valid_until(self) -> datetime.datetime:
        """When it runs out, or has run out, UTC."""
    @property
    def basis(self) -> _Basis | Literal[""]:
        """Lawful basis, a word; '' where unknown."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class CheckReport:
    """What check() found."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def schema_version(self) -> int:
        """Of the store."""
    @property
    def teams(self) -> int:
        """Teams of the store, all of which are checked."""
    @property
    def people(self) -> int:
        """Contact ids looked at."""
    @property
    def cache_differs(self) -> int:
        """Ids whose stored standing or choices are not what their events amount to."""
    @property
    def repaired(self) -> int:
        """Of those, put right."""
    @property
    def orphans(self) -> int:
        """Memberships without a contact."""
    @property
    def unknown_numbers(self) -> int:
        """Memberships of segments that do not exist."""
    @property
    def wrong_ids(self) -> int:
        """Contacts whose id is not the hash of their address."""
    @property
    def to_rekey(self) -> int:
        """Contacts under a retired key or another Unicode version: no fault."""
    @property
    def unfinished_runs(self) -> list[str]:
        """Imports, migrations, rekeys and copies that have not ended, in words."""
    @property
    def ok(self) -> bool:
        """True where nothing is wrong."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ShownTopic:
    """A topic as a preference page shows it."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def topic(self) -> Topic:
        """The topic."""
    @property
    def receives(self) -> bool:
        """Ticked: by choice or by default, leaving aside what holds for everything."""
    @property
    def waiting(self) -> bool:
        """Asked for and not confirmed yet: saving the page leaves it alone."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Preferences:
    """What a preference page shows. Its tokens stay out of repr()."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def purpose(self) -> Literal["leave", "confirm", "export"]:
        """'leave', 'confirm' or 'export'."""
    @property
    def contact(self) -> str:
        """The id that the link is of."""
    @property
    def masked_email(self) -> str:
        """The first letters and the top level of the address; '' where the link may not show it."""
    @property
    def erased(self) -> bool:
        """The page says that no mail will come, and nothing else."""
    @property
    def unsubscribed(self) -> bool:
        """Whether from everything."""
    @property
    def topic(self) -> Topic | None:
        """The link's own; None: everything, or the topic is gone."""
    @property
    def topics(self) -> list[ShownTopic]:
        """Public ones, and private ones that the person opted in to, as they were made."""
    @property
    def may_raise(self) -> bool:
        """Whether the link is fresh enough to come back through it; purpose 'export': to hand out the export."""
    @property
    def waiting(self) -> bool:
        """Purpose 'confirm': whether there is something to confirm."""
    @property
    def undo(self) -> str | None:
        """After an act that can be taken back: a token that does so, for 15 minutes."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ActResult:
    """What a POST to a person's page did."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def outcome(self) -> Literal["left", "left_all", "saved", "came_back", "confirmed", "undone"]:
        """'left', 'left_all', 'saved', 'came_back', 'confirmed' or 'undone'."""
    @property
    def events(self) -> list[ConsentEvent]:
        """New ConsentEvents, in order; [] where nothing changed."""
    @property
    def body_ok(self) -> bool:
        """False where the body was none that is known, and the act was an opt-out."""
    @property
    def kept_everything(self) -> bool:
        """True where the act was about something else, and the person is unsubscribed from everything."""
    @property
    def preferences(self) -> Preferences:
        """The page as it is now."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Confirmation:
    """What a double opt-in waits for. Its token stays out of repr()."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def pending(self) -> ConsentEvent | None:
        """The ConsentEvent; None where the person gets this mail already, and there is nothing to confirm."""
    @property
    def expires_at(self) -> datetime.datetime | None:
        """When the token ends, UTC; what is pending stays pending. None where there is nothing to confirm."""
    @property
    def token(self) -> str:
        """Mail it to the address, in a link, and nowhere else. '' where there is nothing to confirm."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Roll:
    """A team's roll in a store; open() gives it. A context manager. May be used by many threads; not across fork(): a
    child opens its own.
    """

    @property
    def contacts(self) -> Contacts:
        """The contacts."""
    @property
    def segments(self) -> Segments:
        """The team's own groupings of contacts."""
    @property
    def topics(self) -> Topics:
        """The kinds of mail that people can choose."""
    @property
    def properties(self) -> Properties:
        """The definitions of custom properties."""
    @property
    def suppressions(self) -> Suppressions:
        """The addresses that get nothing at all."""
    @property
    def events(self) -> Events:
        """The consent events."""
    @property
    def teams(self) -> Teams:
        """The teams of the store."""
    @property
    def keys(self) -> Keys:
        """What contact ids are computed under and links are signed with."""
    def link(
        self,
        who: _Who,
        *,
        topic: _TopicRef | None = None,
        everything: bool = False,
        purpose: Literal["leave", "export"] = "leave",
        base_url: str,
        message: str | uuid.UUID | None = None,
    ) -> str:
        """The URL of a person's page: `base_url` (https, e.g. https://mail.example.com), /u/ and a signed token, which
        holds no address. purpose='export' is about everything. `message`: the UUID of the mail that it stands in.
        docs/tokens.md has the layout.
        """
    def list_unsubscribe_headers(
        self,
        who: _Who,
        *,
        topic: _TopicRef | None = None,
        everything: bool = False,
        base_url: str,
        mailto: str | None = None,
        message: str | uuid.UUID | None = None,
    ) -> dict[str, str]:
        """The header fields List-Unsubscribe and List-Unsubscribe-Post (RFC 8058, RFC 2369), always both; cover both
        with the DKIM signature. `mailto`: an address that takes opt-outs by mail, with the token as subject.
        """
    def preferences(self, token: str) -> Preferences:
        """What the page of a link shows. Changes nothing, ever: mail scanners open links. A token that is not believed
        is Refused with details['reason'] 'invalid_token', whatever is wrong with it; the logger 'mailroll' is told
        what.
        """
    def act(self, token: str, body: _Body = "", *, evidence: _Evidence = None) -> ActResult:
        """Applies a POST to the page of a link, as the person's own act, in one transaction; idempotent. `body`: the
        octets of the form, or its fields as a mapping or as pairs. By its field `action`: none or one that is not
        known opts out of the link's scope (RFC 8058), as do 'leave' and 'mailto'; 'all' of everything, 'come_back'
        takes that back; 'save', with the ids `shown` and `on`, changes the topics that were shown; 'undo', with the
        token of Preferences.undo; 'confirm'. `evidence` as with unsubscribe(), cut to its bounds. Refused, before
        anything is written, with details['reason'] 'invalid_token', 'not_fresh' (the link may not raise) or
        'undo_expired'.
        """
    def unsubscribe(
        self,
        who: _Who,
        *,
        topic: _TopicRef | None = None,
        everything: bool = False,
        by: Literal["person"] | None = None,
        evidence: _Evidence = None,
        channel: _SpokenChannel | None = None,
        at: datetime.datetime | None = None,
    ) -> ConsentEvent:
        """Opts a person out of a topic, or of everything, at once; answers the ConsentEvent. Works for an address that
        is no contact too, and when repeated. by='person' where somebody told staff: then `evidence` must say how, in
        words or as a dict with the keys text_hash, form, ip, user_agent, locale, note and text. `channel`: how it came
        in, 'api', 'cli', 'one_click', 'page', 'mailto', 'form' or 'phone'. `at`: when it happened, a datetime with a
        zone; None: now; in the future: now, and flagged. Invalid for another word, and for texts that are too long.
        """
    def resubscribe(
        self,
        who: _Who,
        *,
        topic: _TopicRef | None = None,
        everything: bool = False,
        override: str | None = None,
        evidence: _Evidence = None,
        channel: _SpokenChannel | None = None,
        at: datetime.datetime | None = None,
        valid_until: datetime.datetime | None = None,
        basis: _Basis | None = None,
    ) -> ConsentEvent | None:
        """Opts a person in again to a topic, or brings them back from everything, which restores their choices as they
        were. Answers the ConsentEvent; None where nothing changed. Refused where the rules forbid it, e.g.
        details['reason'] 'person_opted_out'; staff (actor='operator') may give a written reason as `override`.
        `valid_until`: when the consent to a topic runs out, later than now. `basis`: the lawful basis, one of consent,
        contract, implied_consent, legal_obligation, legitimate_interest, public_task, soft_opt_in and vital_interest;
        None: the topic's. The rest as with unsubscribe().
        """
    @overload
    def subscribe(
        self,
        email: str,
        *,
        topic: _TopicRef,
        everything: Literal[False] = False,
        confirm: Literal[False] = False,
        valid_for: None = None,
        override: str | None = None,
        evidence: _Evidence = None,
        channel: _SpokenChannel | None = None,
        at: datetime.datetime | None = None,
        valid_until: datetime.datetime | None = None,
        basis: _Basis | None = None,
    ) -> ConsentEvent | None:
        """Opts an address in to a topic, and makes the contact where there is none; else as resubscribe(). confirm=True
        (double opt-in): records it as pending, which never counts, also of everything, and answers a Confirmation,
        whose token alone confirms it, within `valid_for` (a timedelta of 1 minute to 30 days; 7 days). It lowers
        nothing and is never refused for an opt-out: whoever fills in a form may be somebody else. It happens now, and
        overrides nothing.
        """
    @overload
    def subscribe(
        self,
        email: str,
        *,
        topic: _TopicRef | None = None,
        everything: bool = False,
        confirm: Literal[True],
        valid_for: datetime.timedelta | None = None,
        override: None = None,
        evidence: _Evidence = None,
        channel: _SpokenChannel | None = None,
        at: None = None,
        valid_until: datetime.datetime | None = None,
        basis: _Basis | None = None,
    ) -> Confirmation: ...
    def choose(
        self,
        who: _Who,
        *,
        topic: _TopicRef,
        choice: _Subscription,
        override: str | None = None,
        by: Literal["person"] | None = None,
        evidence: _Evidence = None,
        channel: _SpokenChannel | None = None,
        at: datetime.datetime | None = None,
        valid_until: datetime.datetime | None = None,
        basis: _Basis | None = None,
    ) -> ConsentEvent | None:
        """Sets a choice, 'opt_in' or 'opt_out': resubscribe() or unsubscribe() by another name."""
    def audience(
        self, segment: _SegmentRef, *, topic: _TopicRef | NoTopic, partition: tuple[int, int] | None = None
    ) -> Audience:
        """Everybody in the segment, judged for mail of the topic. NO_TOPIC must be said where there is none: people can
        leave such mail only by leaving everything. `partition`: (i, n) for part i of n, as Audience.partition().
        NotFound or Conflict where a name is nobody's or several's.
        """
    def explain(
        self,
        who: _Who,
        *,
        topic: _TopicRef | NoTopic | None = None,
        transactional: bool = False,
        segment: _SegmentRef | None = None,
        at: datetime.datetime | None = None,
    ) -> Verdict:
        """May this person get this mail, and why: a Verdict. An unknown person is an answer ('not_found'), not an
        error. `at`: as the events recorded by then had it; contact, topic and segment are as they are today.
        """
    def expiring(self, within: datetime.timedelta | None = None, limit: int = 1000) -> list[ExpiringConsent]:
        """Consent that runs out within a timedelta (None: 30 days; at most 36500), also what has run out already,
        soonest first; at most `limit` (1 to 100,000).
        """
    def handoff(
        self,
        segment: _SegmentRef,
        *,
        topic: _TopicRef | NoTopic,
        worker: str,
        broadcast: str | None = None,
        lease_for: datetime.timedelta | None = None,
    ) -> Handoff:
        """The mailer's side of a broadcast: leases the people of a segment or an expression of several, each at most
        once. `broadcast` names the mailing, which a second one to the same people and topic needs; Conflict where the
        name is that of other segments or another topic. `worker`: 1 to 100 characters. `lease_for`: 1 second to 24
        hours; None: 15 minutes.
        """
    def handoff_of(self, lease: str) -> Handoff:
        """The Handoff that a lease belongs to, to confirm or release by the lease's id alone. NotFound where nobody is
        held under it any more.
        """
    def broadcasts(self) -> list[BroadcastStatus]:
        """How far each broadcast is, as they were made."""
    def opt_outs(self, after: int = 0, limit: int = 1000) -> FeedPage:
        """What lowered permission after a cursor, oldest first, at most `limit` (1 to 10,000): a FeedPage, for systems
        that keep lists of their own. Each event at least once, in order per contact.
        """
    def migrate_audiences(
        self,
        path: _Path | Iterable[_Path],
        *,
        unsubscribed: _Policy = "topics",
        complete: bool = False,
        rejects: _Path | None = None,
        progress: _Progress = None,
    ) -> MigrationPlan:
        """Plans the migration of old per-audience exports, a folder or files, into global contacts; plan.apply() does
        it. `unsubscribed`: 'topics' makes a public topic of each audience and opts people out of that one; 'everything'
        takes one unsubscribed row for leaving everything. complete=True says that the input holds every audience there
        is. Rejected rows are listed in the file `rejects`, as NDJSON without addresses. `progress` as with apply().
        Invalid where the input cannot be read, with file and line.
        """
    def usage(self) -> Usage:
        """Contacts counted once, beside what counting per audience gave."""
    def snapshot(self, *, columns: list[str] | None = None, progress: _Progress = None) -> Snapshot:
        """Loads the whole team into memory, as it is at one moment: a Snapshot. Takes about as long as reading it
        once. `columns`: fields and properties, as filters name them, for Snapshot.where(); reading them takes longer.
        """
    def refresh(self, snapshot: Snapshot, *, progress: _Progress = None) -> Refreshed:
        """The Snapshot that would be loaded now, made of an older one by what the store's log says has changed since: a
        Refreshed. Writes to the store: what was committed gets its place in the log. Loads the whole team where that
        cannot be, which Refreshed.reloaded tells. Invalid where the older one is of another team.
        """
    def follow(self, snapshot: Snapshot | None = None, *, progress: _Progress = None) -> Follower:
        """A Follower, which goes on refreshing in a thread of its own. Loads the first snapshot before it answers, or
        refreshes the one that is given, e.g. by map_snapshot().
        """
    def check(self, *, repair: bool = False, progress: _Progress = None) -> CheckReport:
        """Proves that every stored standing and choice is what its events amount to; repair=True puts right what is
        not.
        """
    def retention(self) -> list[RetentionRule]:
        """The RetentionRules that are set. What none is about is kept for ever."""
    def set_retention(self, days: int, *, field: _EvidenceField | None = None, action: _Action | None = None) -> None:
        """Sets for how many days (1 to 36500) evidence is kept: `field` is one of text_hash, form, ip, user_agent,
        locale, note and text, `action` that of the event; None: all that has no rule of its own. The most specific rule
        counts: action and field, then field, then action. 0 takes the rule away.
        """
    def apply_retention(self, *, dry_run: bool = False, progress: _Progress = None) -> RetentionReport:
        """Drops the evidence that has been kept long enough; the events stay. In chunks: stopped and begun again, it
        goes on. dry_run=True only counts.
        """
    @property
    def team(self) -> Team:
        """The Team."""
    @property
    def actor(self) -> Literal["api", "operator"]:
        """Who is calling: 'api' or 'operator'."""
    @property
    def store_name(self) -> str:
        """The store's address without a password."""
    def close(self) -> None:
        """Closes the roll and everything got from it: using them is Invalid from then on. Closing again does nothing.
        Files close when the last audience, plan or iterator is gone too.
        """
    def __enter__(self) -> Roll:
        """Answers the roll itself."""
    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        """Closes the roll."""

@final
class CopyReport:
    """What copy() did."""

    __match_args__: ClassVar[tuple[str, ...]]
    @property
    def digest(self) -> str:
        """BLAKE2b of what the events of every person amount to, 64 hex digits: the same in source and target."""
    @property
    def dry_run(self) -> bool:
        """True: nothing was written."""
    @property
    def target_was(self) -> Literal["empty", "unfinished", "complete"]:
        """'empty', 'unfinished' (a copy of the same source that had not ended) or 'complete'."""
    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each part, e.g. 'contacts', 'events' or 'feed': a read-only mapping."""
    @property
    def written(self) -> int:
        """People written now; with dry_run, who would be."""
    @property
    def keys_outside(self) -> int:
        """Keys whose secrets the source does not keep: the target needs the same key_file."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

def copy(source: str, target: str, *, dry_run: bool = False, progress: _Progress = None) -> CopyReport:
    """Copies everything from the store at one address into the one at another, of any engine, and proves that it is
    equal. The source is only read, on one state of it; no keys are needed. In chunks: stopped and begun again, also
    when the source has changed meanwhile, it goes on, and until it ends the target says that it is incomplete. Conflict
    where the target holds anything but an unfinished copy of the same source: nothing is written over. `progress` as
    with plan.apply().
    """

def open(
    url: str,
    *,
    team: str = "default",
    actor: Literal["api", "operator"] = "api",
    key_file: _Path | None = None,
) -> Roll:
    """Opens the store at `url`, e.g. sqlite:///roll.db (a relative path), sqlite:////var/roll.db or memory://, and
    makes it where it is embedded and not there. `actor`: 'operator' in tools for staff. `key_file`: where the hash key
    is kept outside the store (else MAILROLL_KEYS of the environment, else the store). StorageError with a reason
    (unreachable, not_a_database, newer_schema, lost_key, backend_not_loaded), NotFound for an unknown team, Invalid
    for an unknown scheme.
    """

def backends() -> list[Backend]:
    """The kinds of store there are, by scheme: linked in, loaded, or found beside the library and in the folders of
    MAILROLL_BACKEND_PATH. A plugin that cannot be loaded is listed with its problem.
    """

def load_backend(path: _Path) -> None:
    """Loads the plugin at `path`; or, where that is a folder, looks there too from now on, before all other places.
    StorageError with reason backend_not_loaded, saying why; Conflict where its kind of store is there already.
    """

def map_snapshot(path: _Path) -> Snapshot:
    """The Snapshot in a file. All of it is checked; the ids stay in the file, which must not be changed in place.
    NotFound where there is none; StorageError with a reason: not_a_snapshot, newer_snapshot, or corrupt.
    """

def text_hash(text: str) -> str:
    """SHA-256 of a text that is shown, 64 hex digits: evidence of which wording it was."""
