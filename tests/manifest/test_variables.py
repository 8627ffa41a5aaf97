"""`!env`, `!secret` and `.env`: where their values come from, and where they may be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from stashsync.config import Flags, settle
from stashsync.errors import ManifestError, StashConfigurationError
from stashsync.keys import Key
from stashsync.manifest import load
from stashsync.manifest.settings import read_settings
from stashsync.manifest.variables import Variables


def project(root: Path, **files: str) -> Path:
    """Write the files of a project, given as `settings`, `dotenv`, `secrets` and `tags`."""
    names = {
        "settings": "stashsync.yaml",
        "dotenv": ".env",
        "secrets": "secrets.yaml",
        "tags": "manifests/tags.yaml",
    }
    for name, text in files.items():
        path = root / names[name]
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def test_settings_come_from_elsewhere(tmp_path: Path) -> None:
    """The environment wins over `.env`, and `.env` over a default."""
    project(
        tmp_path,
        settings="server: {url: !env THE_URL http://default, api_key: !secret key}\n"
        "manifests: !env FOLDER some folder\n",
        dotenv="# mine\nexport THE_URL='http://nas:9999' # here\n",
        secrets="key: hidden\n",
    )
    file = read_settings(tmp_path, Variables(tmp_path, {}))
    assert file.url == "http://nas:9999"
    assert file.api_key == Key("hidden", "stashsync.yaml: the secret key of secrets.yaml")
    assert "hidden" not in repr(file)
    assert file.manifests == "some folder"
    assert read_settings(tmp_path, Variables(tmp_path, {"THE_URL": "x"})).url == "x"
    (tmp_path / ".env").unlink()
    assert read_settings(tmp_path, Variables(tmp_path, {})).url == "http://default"


def test_a_variable_that_is_not_set_matters_where_it_is_used(tmp_path: Path) -> None:
    """A missing variable is no error in an unused profile, an overridden address, or a key."""
    project(
        tmp_path,
        settings="server: {url: !env NO, api_key: !env NO}\n"
        "profiles:\n  a: {server: {url: http://a}}\n  b: {manifests: !env NO}\n",
    )
    file = read_settings(tmp_path, Variables(tmp_path, {}))
    found = settle(tmp_path, file, Flags(), {})
    assert found.no_url is not None
    assert found.no_url.message == "the variable NO is not set"
    assert (found.no_url.mark and found.no_url.mark.line, found.api_key) == (1, None)
    assert settle(tmp_path, file, Flags(profile="a"), {}).no_url is None
    assert settle(tmp_path, file, Flags(url="http://c"), {}).no_url is None
    with pytest.raises(ManifestError, match=r"in stashsync.yaml"):
        settle(tmp_path, file, Flags(profile="b"), {})


def test_dotenv_is_an_environment_of_the_project(tmp_path: Path) -> None:
    """An address from `.env` is the project's choice, so a key is sent there only with approval."""
    dotenv = {"STASH_URL": "http://nas:9999", "STASH_API_KEY": "k", "OTHER": "o"}
    file = read_settings(tmp_path)
    found = settle(tmp_path, file, Flags(), {}, dotenv)
    assert (found.url, found.url_from_project) == ("http://nas:9999", True)
    assert found.api_key == Key("k", ".env STASH_API_KEY")
    found = settle(tmp_path, file, Flags(), {"STASH_URL": "http://b", "STASH_APIKEY": "e"}, dotenv)
    assert (found.url, found.url_from_project) == ("http://b", False)
    assert found.api_key == Key("e", "environment STASH_APIKEY")
    project(
        tmp_path,
        settings="profiles: {kids: {server: {url: http://c, api_key: env:OTHER}}}\n",
    )
    found = settle(tmp_path, read_settings(tmp_path), Flags(profile="kids"), {}, dotenv)
    assert (found.url, found.api_key) == ("http://c", Key("o", "stashsync.yaml env:OTHER"))
    found = settle(tmp_path, file, Flags(api_key="env:OTHER"), {}, dotenv)
    assert found.api_key is not None
    assert found.api_key.value == "o"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        ("  export A = b c  # d", "b c"),
        ("A=b#c", None),
        ("A='b # c'", "b # c"),
        ("A=\"b 'c'\"# d", None),
        ("A=", ""),
        ("A='b", None),
        ("A", None),
        ("1A=b", None),
    ],
)
def test_a_line_of_dotenv(tmp_path: Path, line: str, value: str | None) -> None:
    """A line that could be read in two ways is an error."""
    variables = Variables(project(tmp_path, dotenv=f"# first\n\n{line}\n"))
    if value is None:
        with pytest.raises(StashConfigurationError, match="line 3"):
            dict(variables.dotenv)
    else:
        assert variables.dotenv == {"A": value}


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    """The error names the file and the line, and never quotes the content."""
    project(
        tmp_path,
        settings="manifests: !secret a\n",
        dotenv="A=1\nhidden words\n",
        secrets="- hidden\n",
    )
    with pytest.raises(StashConfigurationError) as caught:
        read_settings(tmp_path)
    assert "mapping of names" in str(caught.value)
    with pytest.raises(StashConfigurationError, match=r"\.env, line 2: this is no variable"):
        dict(Variables(tmp_path).dotenv)
    (tmp_path / "secrets.yaml").write_text("a: [\n")
    with pytest.raises(StashConfigurationError, match=r"secrets\.yaml:"):
        dict(Variables(tmp_path).secrets)


def test_free_texts_of_manifests_come_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed variable has effect at once, even when manifests are cached."""
    project(tmp_path, tags="tags:\n  - name: A\n    description: !env WORDS some words\n")
    first = load(tmp_path, cached=True)
    assert first.state.of("tag")[0].values["description"] == "some words"
    monkeypatch.setenv("WORDS", "others")
    second = load(tmp_path, cached=True)
    assert second.state.of("tag")[0].values["description"] == "others"
    assert first.digest != second.digest


@pytest.mark.parametrize(
    ("item", "message", "column"),
    [
        ("!env NO", "the variable NO cannot be used here", 5),
        ("{name: !env NO}", "the variable NO cannot be used here", 12),
        ("{name: A, aliases: [!env NO]}", "the variable NO cannot be used here", 25),
        ("{name: A, favorite: !secret s}", "the secret s of secrets.yaml cannot be used here", 25),
        ("{name: A, description: !env NO}", "the variable NO is not set", 28),
        ("{name: A, description: !secret s}", "the secret s of secrets.yaml is not set", 28),
    ],
)
def test_other_places_and_missing_ones_are_errors(
    tmp_path: Path, item: str, message: str, column: int
) -> None:
    """The error has the place of the variable in the manifest."""
    project(tmp_path, tags=f"tags:\n  - {item}\n")
    with pytest.raises(ManifestError) as caught:
        load(tmp_path)
    found = [problem for problem in caught.value.problems if problem.message == message]
    assert [problem.mark.column for problem in found if problem.mark] == [column]
