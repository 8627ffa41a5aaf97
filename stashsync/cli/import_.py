"""`import`: other sources into the manifests; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from stashsync.cli.import_stash_box import stash_box_command
from stashsync.cli.importing import importing
from stashsync.cli.options import Options, Verb, offering

if TYPE_CHECKING:
    from stashsync.cli.session import Session
    from stashsync.sources.found import FoundObject, Leave
    from stashsync.sources.texts import SourceText

STDIN: Final = "-"
Run = Callable[..., int]


@click.group("import")
def command() -> None:
    """Bring other sources into the manifests. Sends nothing.

    Objects are found by stash_ids, then by name, then by alias. What the manifests have stays as
    it is written; fields, members of lists and stash_ids that they lack are added. What is not
    clear is reported and left out. Shows what it will write.
    """


command.add_command(stash_box_command)


def _of_kind(verb: Verb) -> Verb:
    kind = click.option("--kind", default="tags", show_default=True, metavar="KIND",
                        shell_complete=offering("kinds"), help="What the file has.")  # fmt: skip
    separator = click.option("--separator", default=">", show_default=True, metavar="TEXT",
                             help="What is between the names of a path; '' for none.")  # fmt: skip
    return kind(separator(verb))


def _mapped(verb: Verb) -> Verb:
    return click.option("--map", "pairs", multiple=True, metavar="COLUMN=FIELD",
                        help="What a column or key is, or FIELD.KEY of a map; COLUMN= leaves it "
                        "out. May be given again.")(verb)  # fmt: skip


@command.command("csv")
@click.argument("file", metavar="FILE|-", type=click.Path(allow_dash=True))
@_of_kind
@_mapped
@click.option("--list-separator", "lists", default=";", show_default=True, metavar="TEXT",
              help="What is between the members of a list in a cell.")  # fmt: skip
@click.option("--delimiter", metavar="CHARACTER",
              help="What is between cells; without it the header shows which.")  # fmt: skip
@importing
@click.pass_obj
def csv_command(
    options: Options,
    *,
    file: str,
    kind: str,
    separator: str,
    pairs: Sequence[str],
    lists: str,
    delimiter: str | None,
    run: Run,
) -> int:
    """Import a table, one object a row.

    The header names the fields. A name may be a path: `Camera > Wide shot`.
    """
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise click.UsageError("--delimiter is one character, and no quote.")

    def read(source: SourceText) -> Sequence[FoundObject]:
        from stashsync.sources.columns import Columns
        from stashsync.sources.csv_files import CsvLayout, read_csv

        columns = Columns(_kind(kind), _pairs(pairs))
        return read_csv(source, CsvLayout(columns, separator, lists, delimiter or ""))

    return run(options, file, _reader(file, read))


@command.command("json")
@click.argument("file", metavar="FILE|-", type=click.Path(allow_dash=True))
@_of_kind
@_mapped
@importing
@click.pass_obj
def json_command(
    options: Options, *, file: str, kind: str, separator: str, pairs: Sequence[str], run: Run
) -> int:
    """Import JSON or JSON Lines: names, or objects with fields and `children`.

    An object with the sections of a manifest (`tags`, `studios`) has several kinds.
    """

    def read(source: SourceText) -> Sequence[FoundObject]:
        from stashsync.sources.json_files import read_json

        return read_json(source, _kind(kind), _pairs(pairs), separator)

    return run(options, file, _reader(file, read))


@command.command("txt")
@click.argument("file", metavar="FILE|-", type=click.Path(allow_dash=True))
@_of_kind
@importing
@click.pass_obj
def txt_command(options: Options, *, file: str, kind: str, separator: str, run: Run) -> int:
    """Import names, one a line.

    A line may be a path (`Camera > Wide shot`); what is indented further is below.
    """

    def read(source: SourceText) -> Sequence[FoundObject]:
        from stashsync.sources.name_lists import read_names

        return read_names(source, _kind(kind), separator)

    return run(options, file, _reader(file, read))


@command.command("export")
@click.argument("path", metavar="FOLDER|ZIP", type=click.Path())
@click.option("--no-images", is_flag=True, help="Leave images out.")
@importing
@click.pass_obj
def export_command(options: Options, *, path: str, no_images: bool, run: Run) -> int:
    """Import what Stash itself exported: tags, studios, performers and groups.

    Images become files in images/ of the project.
    """

    def read(_: Session, __: Leave) -> Sequence[FoundObject]:
        from pathlib import Path

        from stashsync.cli.output import talk
        from stashsync.render.safe import inert
        from stashsync.sources.stash_export import read_export

        export = read_export(Path(path), images=not no_images)
        for note in export.notes:
            talk(f"Note: {inert(note)}")
        return export.found

    return run(options, path, read)


def _reader(
    file: str, read: Callable[[SourceText], Sequence[FoundObject]]
) -> Callable[[Session, Leave], Sequence[FoundObject]]:
    """Return what reads a file, or the standard input."""

    def reader(_: Session, __: Leave) -> Sequence[FoundObject]:
        import sys

        from stashsync.cli.files import read_file
        from stashsync.cli.output import talk
        from stashsync.render.safe import inert
        from stashsync.sources.texts import SIZE_LIMIT, SourceText

        most = SIZE_LIMIT + 1  # what has no end, such as a device, is refused in time
        if file == STDIN:
            source = SourceText.of("standard input", sys.stdin.buffer.read(most))
        else:
            source = SourceText.of(file, read_file(file, most))
        found = read(source)
        for note in source.notes:
            talk(f"Note: {inert(note)}")
        return found

    return reader


def _kind(word: str) -> str:
    """Return the kind that a word names.

    Raises:
        click.UsageError: there is none, or a name alone is none of its objects.
    """
    from stashsync.cli.choosing import kind_named
    from stashsync.kinds import KINDS

    kind = kind_named(word, "--kind")
    if [spec.name for spec in KINDS[kind].required if spec.name in KINDS[kind].fields] != ["name"]:
        raise click.UsageError(f"--kind: {KINDS[kind].plural} cannot be imported.")
    return kind


def _pairs(pairs: Sequence[str]) -> Mapping[str, str]:
    """Return what was given with `--map`.

    Raises:
        click.UsageError: it is no pair.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        if not equals or not column.strip():
            raise click.UsageError(f"--map {pair}: write COLUMN=FIELD.")
        found[column] = field
    return found
