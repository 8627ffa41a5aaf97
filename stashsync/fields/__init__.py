"""What a field can mean. Each meaning is one class with the methods of `base.Meaning`."""

from stashsync.fields.base import Json, Meaning, ServerFacts, Value, in_parts, is_members
from stashsync.fields.dates import Date
from stashsync.fields.images import Picture
from stashsync.fields.lists import NameSet, TextList
from stashsync.fields.maps import CustomFields, StashIds
from stashsync.fields.memberships import Memberships
from stashsync.fields.object_filter import ObjectFilter
from stashsync.fields.plain_json import FindFilter, JsonMap
from stashsync.fields.raw import Quoted, Raw, RawList, RawMap, Wrong
from stashsync.fields.references import Ref, Refs
from stashsync.fields.scalars import Choice, Flag, Integer, Name, Number, Text
from stashsync.fields.shown import FarEnd, Nested, Opaque, Shown

__all__ = [
    "Choice",
    "CustomFields",
    "Date",
    "FarEnd",
    "FindFilter",
    "Flag",
    "Integer",
    "Json",
    "JsonMap",
    "Meaning",
    "Memberships",
    "Name",
    "NameSet",
    "Nested",
    "Number",
    "ObjectFilter",
    "Opaque",
    "Picture",
    "Quoted",
    "Raw",
    "RawList",
    "RawMap",
    "Ref",
    "Refs",
    "ServerFacts",
    "Shown",
    "StashIds",
    "Text",
    "TextList",
    "Value",
    "Wrong",
    "in_parts",
    "is_members",
]
