"""The list of a relation behaves as a list under any edits, and both ends agree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stashsync.entities import PlainIdentityMap, Scene, Studio, Tag

TAGS = 5
PLACES = st.integers(-7, 7)
MEMBER = st.integers(0, TAGS - 1)
EDITS = st.one_of(
    st.tuples(st.just("append"), MEMBER),
    st.tuples(st.just("remove"), MEMBER),
    st.tuples(st.just("pop"), PLACES),
    st.tuples(st.just("insert"), PLACES, MEMBER),
    st.tuples(st.just("put"), PLACES, MEMBER),
    st.tuples(st.just("delete"), PLACES),
    st.tuples(st.just("cut"), PLACES, PLACES),
    st.tuples(st.just("clear")),
    st.tuples(st.just("reverse")),
    st.tuples(st.just("assign"), st.lists(MEMBER, max_size=4)),
    st.tuples(st.just("joins"), MEMBER),
    st.tuples(st.just("leaves"), MEMBER),
    st.tuples(st.just("agree")),
)


def edit(members: list[Any], tags: list[Tag], name: str, args: tuple[Any, ...]) -> None:
    """Edit a list, plain or of a relation: both have these methods.

    Raises:
        ValueError, IndexError: there is no such member, or no such place.
    """
    match name, args:
        case "append", (which,):
            members.append(tags[which])
        case "remove", (which,):
            members.remove(tags[which])
        case "pop", (place,):
            members.pop(place)
        case "insert", (place, which):
            members.insert(place, tags[which])
        case "put", (place, which):
            members[place] = tags[which]
        case "delete", (place,):
            del members[place]
        case "cut", (start, end):
            del members[start:end]
        case "clear", ():
            members.clear()
        case "reverse", ():
            members.reverse()


def expected(plain: list[Tag], tags: list[Tag], name: str, args: tuple[Any, ...]) -> list[Tag]:
    """Return the same on a plain list; each at most once, and the first place counts."""
    after = [*plain]
    match name, args:
        case "assign", (places,):
            after = [tags[which] for which in places]
        case "joins", (which,):
            after.append(tags[which])
        case "leaves", (which,) if tags[which] in after:
            place, last = after.index(tags[which]), after.pop()
            if last is not tags[which]:  # the last one takes the place
                after[place] = last
        case _:
            edit(after, tags, name, args)
    return [*dict.fromkeys(after)]


def saved(at_the_server: set[Tag], scene: Scene, tags: list[Tag]) -> set[Tag]:
    """Return the tags of the scene once it is saved, and then the far ends."""
    now = {item.id for item in at_the_server}
    own = scene.pending_write()
    if own is not None:
        now = set(own.value["tag_ids"])
    for tag in tags:
        for side in tag.pending_side_writes():
            assert side.members == (scene,)
            (now.add if side.joins else now.discard)(tag.id)
    return {item for item in tags if item.id in now}


@pytest.mark.row("C16", "C17", "C8")
@given(edits=st.lists(EDITS, max_size=12), first=st.lists(MEMBER, max_size=TAGS, unique=True))
@settings(max_examples=150, deadline=None)
def test_edits_are_those_of_a_list_and_reach_the_other_ends(
    edits: list[tuple[Any, ...]], first: list[int]
) -> None:
    """Edits from either end agree with a plain list, and so does what would be saved."""
    home = PlainIdentityMap()
    tags = [Tag.from_row({"id": f"t{n}", "name": f"{n}"}, home) for n in range(TAGS)]
    scene = Scene.from_row({"id": "1", "tags": [{"id": f"t{n}"} for n in first]}, home)
    for n, tag in enumerate(tags):
        tag.set_loaded("scenes", [scene] if n in first else [])
    plain = [tags[n] for n in first]
    agreed = set(plain)
    for name, *args in edits:
        if name == "agree":
            scene.mark_clean()
            for tag in tags:
                tag.mark_clean()
            agreed = set(plain)
            continue
        listed: Any = scene.tags
        try:
            plain = expected(plain, tags, name, tuple(args))
        except (ValueError, IndexError) as error:
            with pytest.raises(type(error)):
                edit(listed, tags, name, tuple(args))
            continue
        if name == "assign":
            scene.tags = [tags[which] for which in args[0]]
        elif name == "joins":
            tags[args[0]].scenes.append(scene)
        elif name == "leaves":
            if scene in (tags[args[0]].scenes or ()):
                tags[args[0]].scenes.remove(scene)
        else:
            edit(listed, tags, name, tuple(args))
        assert scene.tags == plain, name
        for tag in tags:
            assert (tag in scene.tags) == (tag in plain)
            assert tag.scenes == ([scene] if tag in plain else [])
        assert saved(agreed, scene, tags) == set(plain), name


def test_a_list_that_was_replaced_takes_edits_like_any_other() -> None:
    """Its edits no longer reach the object or the far ends."""
    first, other = Tag(id="1", scenes=[]), Tag(id="2", scenes=[])
    scene = Scene(id="1", tags=[first])
    old: Any = scene.tags
    scene.tags = []
    changes: list[tuple[Any, list[Tag]]] = [
        (lambda: old.append(first), [first, first]),
        (lambda: old.remove(first), [first]),
        (lambda: old.insert(0, other), [other, first]),
        (old.pop, [other]),
        (lambda: old.extend([first]), [other, first]),
        (lambda: old.__setitem__(0, first), [first, first]),
        (lambda: old.__delitem__(0), [first]),
        (old.clear, []),
    ]
    for change, after in changes:
        change()
        assert old == after
    assert scene.tags == []
    assert first.scenes == []
    assert other.scenes == []


@pytest.mark.row("C15", "C17")
@pytest.mark.parametrize("of", [None, {"id": "1"}], ids=["of none", "of it"])
@given(words=st.lists(st.sampled_from(["sets", "clears", "joins", "leaves"]), max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_relation_to_one_is_edited_from_either_end(
    of: dict[str, str] | None, words: list[str]
) -> None:
    """Removed and added again, from either end: what would be saved is what the fields show."""
    home = PlainIdentityMap()
    studio = Studio.from_row({"id": "1", "name": "North"}, home)
    scene = Scene.from_row({"id": "5", "studio": of}, home)
    studio.set_loaded("scenes", [scene] if of else [])
    for word in words:
        if word in ("sets", "clears"):
            scene.studio = studio if word == "sets" else None
        elif (scene.studio is studio) == (word == "leaves"):
            (studio.add_scene if word == "joins" else studio.remove_scene)(scene)
    server = of["id"] if of else None
    own = scene.pending_write()
    if own is not None:
        server = own.value["studio_id"]
    for side in studio.pending_side_writes():
        server = "1" if side.joins else None
    assert server == scene.studio_id
    assert (studio.scenes == [scene]) == (scene.studio is studio)
