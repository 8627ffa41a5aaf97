"""Creating, changing and removing objects: one mechanism, to which kinds add rules.

    input ──read──▶ Change ──check──▶ refused, or ──write──▶ columns, lists, links, images, …

`Writing` has the mutations tagCreate, tagUpdate, tagsUpdate, bulkTagUpdate, tagDestroy and
tagsDestroy of a kind; its file overrides what its rules concern, and enters those that exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from stashsync.fields import CustomFields, NameSet, StashIds
from stashsync.sandbox.library.context import Context
from stashsync.sandbox.library.custom_fields import (
    create_custom_fields,
    refuse_null_map,
    update_custom_fields,
)
from stashsync.sandbox.library.edits import ListEdit, ids_edit, texts_edit
from stashsync.sandbox.library.images import NewImage, new_image, set_image
from stashsync.sandbox.library.links import Links
from stashsync.sandbox.library.naming import tidied
from stashsync.sandbox.library.objects import Objects
from stashsync.sandbox.library.refusals import Refusal
from stashsync.sandbox.library.registry import MUTATIONS, Args
from stashsync.sandbox.library.rows import Row
from stashsync.sandbox.library.stash_ids import write_stash_ids
from stashsync.sandbox.library.values import to_id, to_ids


class Change(Struct, frozen=True):
    """The changes that one input asks for, everything in it read.

    Attributes:
        given: the input.
        columns: new values of columns.
        lists: changes of lists of text, by input field.
        links: changes of relations, by input field.
        images: new images, by input field.
        further: what the kind's own rules have read.
    """

    given: Args
    columns: dict[str, Any]
    lists: dict[str, ListEdit[str]]
    links: dict[str, ListEdit[int]]
    images: dict[str, NewImage]
    further: Any = None


class Writing:
    """The mutations of one kind.

    Attributes:
        looks_first: an update looks for its object before it reads the rest of the input.
        missing: the message where a changed object does not exist; "" names kind and id.
        bulk_missing: the same for bulk updates, where it differs.
    """

    looks_first: ClassVar[bool] = False
    missing: ClassVar[str] = ""
    bulk_missing: ClassVar[str] = ""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.aliases = next((spec.input for spec in objects.of(NameSet)), "")

    def enter(self, *names: str) -> None:
        """Enter the mutations: "create", "update", "update_all", "bulk_update" and so on."""
        kind = self.objects
        own, plural = (
            f"{name[0].lower()}{name[1:]}" for name in (kind.type_name, kind.type_plural)
        )
        graphql = {
            "create": f"{own}Create",
            "update": f"{own}Update",
            "update_all": f"{plural}Update",
            "bulk_update": f"bulk{kind.type_name}Update",
            "destroy": f"{own}Destroy",
            "destroy_all": f"{plural}Destroy",
        }
        for name in names:
            MUTATIONS[graphql[name]] = getattr(self, name)

    # --- the mutations -----------------------------------------------------

    def create(self, ctx: Context, args: Args) -> Row:
        """Create an object; null, and a blank id of one related object, ask for nothing."""
        optional = self.objects.optional_refs
        given = {
            name: value
            for name, value in args["input"].items()
            if value is not None and (value != "" or name not in optional)
        }
        change = self.read(ctx, given, new=True)
        with ctx.db.transaction():
            change = self.check(ctx, None, change)
            return self.objects.get(ctx.db, self.write_new(ctx, change))

    def update(self, ctx: Context, args: Args) -> Row:
        """Change one object."""
        given = args["input"]
        id_ = to_id(given["id"], "converting id")
        if self.looks_first:
            with ctx.db.transaction():
                return self.update_one(ctx, given)
        change = self.read(ctx, given)
        with ctx.db.transaction():
            return self.carry_out(ctx, self.stored(ctx, id_), change)

    def update_all(self, ctx: Context, args: Args) -> list[Row] | None:
        """Change several objects, each in its own way: all or none.

        An empty list gives null (observed on v0.30-dev).
        """
        with ctx.db.transaction():
            return [self.update_one(ctx, given) for given in args["input"]] or None

    def update_one(self, ctx: Context, given: Args) -> Row:
        """Look for the object, then read and carry out the input."""
        row = self.stored(ctx, to_id(given["id"], "converting id"))
        return self.carry_out(ctx, row, self.read(ctx, given))

    def bulk_update(self, ctx: Context, args: Args) -> list[Row] | None:
        """Change many objects in one way; none at all give null."""
        given = args["input"]
        ids = to_ids(given.get("ids"), "converting ids")
        change = self.read(ctx, given, bulk=True)
        with ctx.db.transaction():
            for id_ in ids:
                self.carry_out_bulk(ctx, id_, change)
            found = self.objects.by_id(ctx.db, ids)
            if any(id_ not in found for id_ in ids):
                raise Refusal("sql: no rows in result set")
            return [found[id_] for id_ in ids] or None

    def destroy(self, ctx: Context, args: Args) -> bool:
        """Destroy one object."""
        given = args.get("input", args)
        return self.destroy_each(ctx, [to_id(given["id"], "converting id")], given)

    def destroy_all(self, ctx: Context, args: Args) -> bool:
        """Destroy several objects: all or none."""
        given = args.get("input", args)
        return self.destroy_each(ctx, to_ids(given["ids"], "converting ids"), given)

    def destroy_each(self, ctx: Context, ids: Sequence[int], given: Args) -> bool:
        """Destroy objects in one transaction."""
        with ctx.db.transaction():
            for id_ in ids:
                self.ready_to_destroy(ctx, id_, given)
                self.objects.destroy(ctx, id_)
        return True

    # --- what kinds have rules for -----------------------------------------

    def read(self, ctx: Context, given: Args, *, new: bool = False, bulk: bool = False) -> Change:
        """Return what an input asks for."""
        kind = self.objects
        if not (new or bulk) and CustomFields in kind.meanings:
            refuse_null_map(given)
        columns = kind.columns(ctx, given)
        asked = {name for name, value in given.items() if value is not None} if bulk else given
        lists = [name for name in kind.lists if name in asked]
        texts = {name: texts_edit(ctx, given[name], bulk=bulk) for name in lists}
        if "urls" in kind.lists:
            urls = self.urls(ctx, given, texts.get("urls"), new=new)
            texts |= {} if urls is None else {"urls": urls}
        ids = {
            name: ids_edit(given[name], f"converting {_called(name)}", bulk=bulk)
            for name in self.linked(bulk=bulk)
            if name in asked
        }
        images = {
            name: new_image(given[name], ctx.fetch_image, name)
            for name in kind.blobs
            if name in given
        }
        return Change(given, columns, texts, ids, images)

    def linked(self, *, bulk: bool) -> Mapping[str, Links]:  # noqa: ARG002  of bulk updates alone
        """Return the relations that an input sets, by its field."""
        return self.objects.links

    def urls(
        self,
        ctx: Context,
        given: Args,
        listed: ListEdit[str] | None,
        *,
        new: bool,  # noqa: ARG002  of other kinds
    ) -> ListEdit[str] | None:
        """Return the change of the URLs: the list, even null, goes before the deprecated `url`."""
        if "urls" in given or "url" not in given:
            return listed
        return ListEdit(() if given["url"] is None else (ctx.word(given["url"]),))

    def stored(self, ctx: Context, id_: int) -> Row:
        """Return the object that an update changes."""
        return self.objects.get(ctx.db, id_, self.missing)

    def check(self, ctx: Context, row: Row | None, change: Change) -> Change:
        """Return a change as it is made; `row` is the stored object, None for a new one."""
        if self.aliases not in change.lists:
            return change
        name = {**(row or {}), **change.columns}["name"]
        aliases = tidied(ctx, change.lists[self.aliases], name)
        if aliases is change.lists[self.aliases]:
            return change
        return replace(change, lists={**change.lists, self.aliases: aliases})

    def carry_out(self, ctx: Context, row: Row, change: Change) -> Row:
        """Check a change of a stored object, make it, and return the object as it is then."""
        self.write(ctx, row["id"], self.check(ctx, row, change))
        return self.objects.get(ctx.db, row["id"])

    def carry_out_bulk(self, ctx: Context, id_: int, change: Change) -> None:
        """Make a change of one of many objects."""
        row = self.objects.get(ctx.db, id_, self.bulk_missing or self.missing)
        self.write(ctx, id_, self.check(ctx, row, change))

    def write_new(self, ctx: Context, change: Change) -> int:
        """Store a new object; its id."""
        id_ = self.objects.insert(ctx, change.columns)
        self.write_rest(ctx, id_, change)
        if CustomFields in self.objects.meanings:
            create_custom_fields(ctx, self.objects, id_, change.given)
        return id_

    def write(self, ctx: Context, id_: int, change: Change) -> None:
        """Make a change of a stored object without checking it."""
        self.objects.update(ctx, id_, change.columns)
        self.write_rest(ctx, id_, change)
        if CustomFields in self.objects.meanings:
            update_custom_fields(ctx, self.objects, id_, change.given)

    def write_rest(self, ctx: Context, id_: int, change: Change) -> None:
        """Make the part of a change that is not in the object's own row."""
        kind = self.objects
        for name, texts in change.lists.items():
            stored = kind.lists[name]
            existing = () if texts.mode == "SET" else stored.read(ctx.db, id_)
            if texts.mode == "REMOVE":
                stored.ensure_removable(id_, texts.values)
            stored.write(ctx.db, id_, texts.stored(existing))
        relations = self.linked(bulk=True)
        for name, ids in change.links.items():
            relations[name].change(ctx.db, id_, ids)
        if StashIds in kind.meanings:
            write_stash_ids(ctx, kind, id_, change.given)
        for name, image in change.images.items():
            set_image(ctx.db, kind.table, id_, image, kind.blobs[name])

    def ready_to_destroy(self, ctx: Context, id_: int, given: Args) -> None:
        """Refuse to destroy an object that something needs; take away what goes before it."""


@cache
def _called(name: str) -> str:
    """Return what messages call a field of ids."""
    return {"parent_ids": "parent tag ids", "child_ids": "child tag ids"}.get(
        name, name.replace("_", " ")
    )
