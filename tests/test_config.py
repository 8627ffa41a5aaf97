"""Settings: their sources, which source wins, and what a settings file must not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashsync.config import (
    DEFAULT_URL,
    BoxSettings,
    FileSettings,
    Flags,
    Timeouts,
    TlsSettings,
    settle,
)
from stashsync.errors import ManifestError, StashConfigurationError
from stashsync.keys import Key, Sources, find_box_key
from stashsync.manifest.settings import merge_lists, parse_settings, read_settings
from stashsync.manifest.variables import Variables
from stashsync.state import Resource, desired_state

HERE = Path("/project")
FILE = FileSettings(
    url="http://file", api_key="env:FILE_KEY", lenient=True, timeouts=Timeouts(read=5.0)
)


def problems(text: str) -> list[str]:
    """`line:column: message` of each problem of a settings file."""
    with pytest.raises(ManifestError) as caught:
        parse_settings(text.encode())
    return [
        f"{problem.mark.line}:{problem.mark.column}: {problem.message}"
        for problem in caught.value.problems
        if problem.mark
    ]


def test_without_settings_it_is_the_usual_server() -> None:
    """A fresh project talks to the port that Stash takes by itself."""
    found = settle(HERE, FileSettings(), Flags(), {})
    assert (found.url, found.api_key, found.manifests, found.lenient) == (
        DEFAULT_URL, None, "manifests", False,
    )  # fmt: skip


def test_flag_beats_environment_beats_file() -> None:
    """The precedence holds for each setting separately."""
    environ = {"STASH_URL": "http://environment", "FILE_KEY": "k"}
    assert settle(HERE, FILE, Flags(), {}).url == "http://file"
    assert settle(HERE, FILE, Flags(), environ).url == "http://environment"
    found = settle(HERE, FILE, Flags(url="http://flag", lenient=False), environ)
    assert (found.url, found.lenient, found.timeouts.read) == ("http://flag", False, 5.0)


@pytest.mark.parametrize("name", ["STASH_URL", "STASHAPP_URL", "STASH_GRAPHQL_URL"])
def test_every_known_variable_names_the_server(name: str) -> None:
    """Users have these set for other programs."""
    assert settle(HERE, FILE, Flags(), {name: "http://x"}).url == "http://x"


@pytest.mark.parametrize("name", ["STASH_API_KEY", "STASH_APIKEY", "STASHAPP_API_KEY"])
def test_every_known_variable_holds_the_key(name: str) -> None:
    """The source names the variable."""
    found = settle(HERE, FILE, Flags(), {name: " abc\n", "FILE_KEY": "other"})
    assert found.api_key == Key("abc", f"environment {name}")


def test_a_key_names_its_source_and_hides_itself(tmp_path: Path) -> None:
    """The message of a 401 names the source; no repr shows the key."""
    (tmp_path / "key").write_text("abc\n")
    path = tmp_path / "key"

    def source(file: FileSettings, flags: Flags, environ: dict[str, str]) -> str:
        key = settle(tmp_path, file, flags, environ).api_key
        assert key is not None
        assert key.value == "abc"
        assert "abc" not in repr(key)
        return key.source

    nothing, none = FileSettings(), Flags()
    assert source(nothing, Flags(api_key=f"file:{path}"), {}) == f"flag --api-key file:{path}"
    assert source(nothing, Flags(api_key="env:K"), {"K": "abc"}) == "flag --api-key env:K"
    assert source(nothing, none, {"STASH_API_KEY_FILE": str(path)}) == (
        f"environment STASH_API_KEY_FILE file:{path}"
    )
    assert source(FileSettings(api_key="file:key"), none, {}) == "stashsync.yaml file:key"
    assert source(FileSettings(api_key="env:K"), none, {"K": "abc"}) == "stashsync.yaml env:K"
    given = Flags(api_key="abc", api_key_variable="STASHSYNC_API_KEY")
    assert source(nothing, given, {}) == "environment STASHSYNC_API_KEY"


def test_a_file_may_name_a_variable_that_is_not_set() -> None:
    """It is shared with servers that need no key; a flag that names one is meant."""
    assert settle(HERE, FILE, Flags(), {}).api_key is None
    with pytest.raises(StashConfigurationError, match="NOPE"):
        settle(HERE, FILE, Flags(api_key="env:NOPE"), {})


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"x" * 70000])
def test_a_key_file_without_a_key_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    """Missing, empty, binary, or some other file altogether; its content is not shown."""
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(StashConfigurationError) as caught:
        settle(tmp_path, FileSettings(api_key="file:key"), Flags(), {})
    assert "xxx" not in caught.value.message


def test_the_key_itself_is_refused_on_the_command_line() -> None:
    """Every user of the machine can read it there."""
    with pytest.raises(StashConfigurationError) as caught:
        settle(HERE, FILE, Flags(api_key="sesame"), {})
    assert "sesame" not in caught.value.message + caught.value.hint


def test_a_profile_lies_over_the_file() -> None:
    """Its settings count; those that it leaves out stay."""
    file = parse_settings(
        b"server: {url: http://a, api_key: env:K, timeouts: {read: 3}}\nlenient: true\n"
        b"lists: {tags.aliases: merge}\n"
        b"profiles: {kids: {server: {url: http://b}, lenient: false, "
        b"lists: {tags.aliases: exact}}}\n"
    )
    found = settle(HERE, file, Flags(profile="kids"), {"K": "k"})
    assert (found.url, found.lenient, dict(found.lists)) == ("http://b", False, {})
    assert found.api_key is not None
    assert found.timeouts.read == 3
    with pytest.raises(StashConfigurationError, match="grown-ups"):
        settle(HERE, file, Flags(profile="grown-ups"), {})


def test_paths_in_the_file_count_from_the_project() -> None:
    """Paths in flags are relative to the current folder."""
    file = FileSettings(tls=TlsSettings(ca_bundle=Path("ca.pem"), client_key=Path("/etc/key")))
    tls = settle(HERE, file, Flags(), {}).tls
    assert (tls.ca_bundle, tls.client_key) == (HERE / "ca.pem", Path("/etc/key"))
    flags = Flags(tls=TlsSettings(ca_bundle=Path("mine.pem"), verify=False))
    tls = settle(HERE, file, flags, {}).tls
    assert (tls.ca_bundle, tls.verify) == (Path("mine.pem"), False)


def test_a_file_is_read_whole() -> None:
    """The example has every setting of the manual."""
    found = parse_settings(
        b"server:\n  url: http://nas:9999\n  api_key: file:/run/secrets/k\n"
        b"  tls: {verify: false, ca_bundle: ca.pem, client_cert: c.pem, client_key: k.pem}\n"
        b"  timeouts: {connect: 1, read: 2.5, mutation: 300}\n"
        b"manifests: wanted\nlists: {studios.urls: merge}\nlenient: true\n"
        b"prune: {tags: true, studios: false}\nprotect: {tags: [Travel, 'fav:*', Travel]}\n"
        b"ignore: {performers: 'tmp:*', tags: null}\nthresholds: {update: 50%, delete: 0.05}\n"
        b"stash_boxes: {box: {endpoint: 'https://box.example/graphql', api_key: env:BOX_KEY,\n"
        b"  requests_per_minute: 30}}\n"
    )
    assert found == FileSettings(
        url="http://nas:9999",
        api_key="file:/run/secrets/k",
        manifests="wanted",
        lenient=True,
        lists={"studios.urls": "merge"},
        prune={"tag": True, "studio": False},
        protect={"tag": ("Travel", "fav:*")},
        ignore={"performer": ("tmp:*",)},
        thresholds={"update": 0.5, "delete": 0.05},
        tls=TlsSettings(False, Path("ca.pem"), Path("c.pem"), Path("k.pem")),
        timeouts=Timeouts(1.0, 2.5, 300.0),
        stash_boxes={"box": BoxSettings("https://box.example/graphql", "env:BOX_KEY", 30.0)},
    )


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"server:\n"])
def test_an_empty_file_sets_nothing(content: bytes) -> None:
    """A missing file sets nothing, either."""
    assert parse_settings(content) == FileSettings()
    assert read_settings(Path("/nowhere")) == FileSettings()


def test_every_problem_of_the_file_has_its_place() -> None:
    """All at once, with what would be right."""
    assert problems(
        "servers: {}\nmanifests: ../up\nlenient: yes\nserver: [x]\n"
        "lists: {tags.alias: merge, tags.aliases: join}\nprofiles: {a: {profiles: {}}}\n"
    ) == [
        "1:1: unknown key 'servers' in settings",
        "2:12: the manifests must be in a folder below this file",
        "3:10: true or false is wanted here, not 'yes'",
        "4:9: `server`: a mapping is wanted here, not a list",
        "5:9: unknown key 'tags.alias' in `lists`",
        "5:42: 'join' is no way to treat a list",
        "6:16: unknown key 'profiles' in settings",
    ]


def test_a_misspelt_protection_is_an_error() -> None:
    """A misspelt protection would protect nothing."""
    assert problems(
        "prune: {tag: true, studios: no}\nprotect: {tags: [ok, ''], scenes: [x]}\n"
        "ignore: [tmp]\nthresholds: {update: 130%, delete: few, create: 10%}\n"
    ) == [
        "1:9: unknown key 'tag' in `prune`",
        "1:29: true or false is wanted here, not 'no'",
        "2:22: there is nothing here",
        "2:27: unknown key 'scenes' in `protect`",
        "3:9: `ignore`: a mapping is wanted here, not a list",
        "4:22: a share is wanted here, not '130%'",
        "4:36: a share is wanted here, not 'few'",
        "4:41: unknown key 'create' in `thresholds`",
    ]
    assert problems("thresholds: {update: [1], delete: nan}\n") == [
        "1:22: a share is wanted here, not a list",
        "1:35: a share is wanted here, not 'nan'",
    ]


def test_a_profile_protects_more_and_never_less() -> None:
    """The other settings that guard a library are overridden, kind by kind."""
    file = parse_settings(
        b"prune: {tags: true, studios: true}\nprotect: {tags: [a], studios: [s]}\n"
        b"ignore: {tags: [i]}\nthresholds: {delete: 10%}\n"
        b"profiles: {kids: {prune: {tags: false}, protect: {tags: [b]}, "
        b"ignore: {tags: [k]}, thresholds: {update: 20%}}}\n"
    )
    plain = settle(HERE, file, Flags(), {})
    assert plain.prune == {"tag", "studio"}
    assert plain.thresholds == {"update": 0.3, "delete": 0.1}
    kids = settle(HERE, file, Flags(profile="kids", prune=frozenset({"performer"})), {})
    assert kids.prune == {"studio", "performer"}
    assert kids.protect == {"tag": ("a", "b"), "studio": ("s",)}
    assert kids.ignore == {"tag": ("k",)}
    assert kids.thresholds == {"update": 0.2, "delete": 0.1}


@pytest.mark.parametrize(
    "text",
    [
        "server: {api_key: sesame}\n",
        "server: {url: 'http://x/?apikey=sesame'}\n",
        "server: {api_key: sesame, lenient: [}\n",
        "server: {api_key: 'sesame}\n",
        "stash_boxes: {a: {endpoint: 'http://x', api_key: sesame}}\n",
        "stash_boxes: {a: {endpoint: 'http://x/?apikey=sesame'}}\n",
    ],
)
def test_a_key_in_the_file_is_an_error_that_does_not_repeat_it(text: str) -> None:
    """The file is made to be shared; the output of a job is shared too."""
    with pytest.raises(ManifestError) as caught:
        parse_settings(text.encode())
    for problem in caught.value.problems:
        assert "sesame" not in f"{problem.message} {problem.hint} {problem.excerpt}"


def test_merging_turns_whole_lists_into_added_members() -> None:
    """And nothing else: a list with `{add, remove}` keeps its own meaning."""
    whole = Resource("tag", ("a",), {"name": "A", "aliases": ["x"], "parents": ["B"]})
    part = Resource("tag", ("b",), {"name": "B", "aliases": {"add": [], "remove": ["y"]}})
    before = whole.values
    merge_lists(desired_state([whole, part]), {"tags.aliases": "merge"})
    assert whole.values == {
        "name": "A", "aliases": {"add": ["x"], "remove": []}, "parents": ["B"],
    }  # fmt: skip
    assert part.values["aliases"] == {"add": [], "remove": ["y"]}
    assert before["aliases"] == ["x"]


def test_a_file_that_is_no_settings_file_is_refused() -> None:
    """Two documents, a list, a time limit of 0, a file that is too large."""
    assert "mapping" in problems("- a\n")[0]
    assert "0 seconds" in problems("server: {timeouts: {read: 0}}\n")[0]
    assert "nothing here" in problems("server: {url: ' '}\n")[0]
    assert "settings" in problems("# " + "x" * 2**20)[0]
    with pytest.raises(ManifestError) as caught:
        parse_settings(b"lenient: true\n---\nlenient: false\n")
    assert "more than one document" in caught.value.problems[0].message


def test_a_profile_and_the_environment_may_not_name_different_servers() -> None:
    """The manifests of one library would be applied to the other."""
    file = FileSettings(url="http://a", profiles={"kids": FileSettings(url="http://kids")})
    environ = {"STASH_URL": "http://a"}
    with pytest.raises(StashConfigurationError, match="the profile kids names"):
        settle(HERE, file, Flags(profile="kids"), environ)
    same = {"STASH_URL": "http://kids/"}
    assert settle(HERE, file, Flags(profile="kids"), same).url == "http://kids/"
    chosen = Flags(profile="kids", url="http://b")
    assert settle(HERE, file, chosen, environ).url == "http://b"
    assert settle(HERE, file, Flags(), environ).url == "http://a"


# -- stash-boxes ----------------------------------------------------------------------------------


def test_every_problem_of_a_stash_box_has_its_place() -> None:
    """One without an address could not be asked."""
    assert problems(
        "stash_boxes:\n  a: {api_key: env:A}\n  b: {endpoint: http://b, requests_per_minute: 0}\n"
        "  c: http://c\n  d: {endpoint: null, url: http://d}\n"
    ) == [
        "2:3: the stash-box 'a' has no endpoint",
        "3:48: a number of requests is more than 0",
        "4:3: the stash-box 'c' has no endpoint",
        "4:6: `c`: a mapping is wanted here, not text",
        "5:3: the stash-box 'd' has no endpoint",
        "5:23: unknown key 'url' in `d`",
    ]


def test_a_profile_adds_stash_boxes_and_replaces_those_of_its_names() -> None:
    """The others stay."""
    file = FileSettings(
        stash_boxes={"a": BoxSettings("http://a"), "b": BoxSettings("http://b")},
        profiles={"p": FileSettings(stash_boxes={"b": BoxSettings("http://other")})},
    )
    found = settle(HERE, file, Flags(profile="p"), {}).stash_boxes
    assert {name: box.endpoint for name, box in found.items()} == {
        "a": "http://a",
        "b": "http://other",
    }


def test_the_key_of_a_stash_box_beats_that_of_the_environment_which_is_for_any() -> None:
    """The key of one database must not go to another."""
    environ = {"BOX_KEY": "own", "STASH_BOX_API_KEY": "any"}
    sources = Sources(HERE, "stashsync.yaml", environ)
    found = [find_box_key(written, sources) for written in ("env:BOX_KEY", "env:UNSET", None)]
    assert [key and (key.value, key.source) for key in found] == [
        ("own", "stashsync.yaml env:BOX_KEY"),
        ("any", "environment STASH_BOX_API_KEY"),
        ("any", "environment STASH_BOX_API_KEY"),
    ]
    dotenv = {"STASH_BOX_API_KEY": "dotenv"}
    beside = find_box_key("env:UNSET", Sources(HERE, "stashsync.yaml", {}, dotenv))
    assert beside == Key("dotenv", ".env STASH_BOX_API_KEY")
    flag = find_box_key("env:UNSET", sources, flag="env:BOX_KEY")
    assert flag is not None
    assert flag.value == "own"
    assert find_box_key("env:UNSET", Sources(HERE, "stashsync.yaml", {})) is None


def test_the_key_of_a_stash_box_is_refused_on_the_command_line() -> None:
    """As that of a server is."""
    nothing = Sources(HERE, "stashsync.yaml", {})
    with pytest.raises(StashConfigurationError, match="must not stand on the command line"):
        find_box_key(None, nothing, flag="sesame")
    with pytest.raises(StashConfigurationError, match="which is not set"):
        find_box_key(None, nothing, flag="env:UNSET")


def test_a_variable_that_a_stash_box_lacks_is_a_problem_of_that_box_alone() -> None:
    """Other commands go on without it."""
    found = parse_settings(
        b"server: {url: http://x}\nstash_boxes: {a: {endpoint: !env NO_SUCH_BOX, "
        b"api_key: !env NO_SUCH_KEY}}\n",
        Variables(HERE, {}),
    )
    settled = settle(HERE, found, Flags(), {})
    (problem,) = settled.stash_boxes["a"].missing
    assert problem.message == "the variable NO_SUCH_BOX is not set"
