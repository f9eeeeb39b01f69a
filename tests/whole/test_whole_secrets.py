"""A password and tokens go through all that the command line does, and are found nowhere afterwards."""

import base64
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner, Result
from memory_keyring import MemoryKeyring
from shows import Item, serve_show, served

from earmark.app import open_tools
from earmark.cli import main
from earmark.clock import system_clock
from earmark.paths import Paths
from earmark.pipeline import Refreshed, Watch, refresh
from earmark.pipeline.out.write import FORMS

TOKEN, PASSWORD, EPISODE_TOKEN = "canary-token-4711", "canary-pass-0815", "canary-episode-2342"
SECRETS = (TOKEN, PASSWORD, EPISODE_TOKEN, base64.b64encode(f"ann:{PASSWORD}".encode()).decode())


SENTENCES = (
    "A shop that raised its prices by 10 percent lost only 2 percent of its customers.",
    "The customers who left had always bought the cheapest bread of the shop.",
    "So the shop earned 8 percent more and needed fewer ovens than before.",
)
TRANSCRIPT: dict[str, object] = {
    "version": "1.0.0",
    "segments": [
        {"startTime": n * 9, "endTime": n * 9 + 8, "body": text} for n, text in enumerate(SENTENCES)
    ],
}


def later_news(profile: Path, days: int) -> Refreshed:
    """What the shows say some days later."""
    with open_tools(Paths(profile), clock=lambda: system_clock() + timedelta(days=days)) as tools:
        return refresh(tools, Watch())


def test_p_09_no_secret_of_a_private_show_is_found_in_the_profile_in_exports_or_in_what_is_told(
    tmp_path: Path, memory: MemoryKeyring
) -> None:
    profile, told = tmp_path / "profile", []

    def earmark(*arguments: str, typed: str = "") -> Result:
        result = CliRunner().invoke(main, ["--data-dir", str(profile), *arguments], input=typed)
        told.append(result.output)
        return result

    with served() as web:
        items = [
            Item("good", "Bread", 1, TRANSCRIPT, ("audio/mpeg", b"ID3" + b"sound" * 99)),
            Item("bad", "Nothing", 2, audio=("audio/mpeg", b"no sound at all")),
        ]
        feed = serve_show(web, "club", "Club", items)
        body = web.pages["/club/feed.xml"][1].decode()
        for path in ("/club/good.json", "/club/good.audio", "/club/bad.audio"):
            body = body.replace(f'{path}"', f'{path}?auth={EPISODE_TOKEN}"')
            web.pages[f"{path}?auth={EPISODE_TOKEN}"] = web.pages.pop(path)
        web.add(f"/club/feed.xml?token={TOKEN}", "application/rss+xml", body.encode())
        web.locked[f"/club/feed.xml?token={TOKEN}"] = f"Basic {SECRETS[3]}"
        address = f"{feed}?token={TOKEN}"
        assert "--user NAME" in earmark("add", address).stderr
        added = earmark("add", address, "--user", "ann", "--password-stdin", "--json", typed=f"{PASSWORD}\n")
        assert added.exit_code == 0, added.output
        assert earmark("refresh").exit_code == 0
        assert later_news(profile, days=2).problems == ()
        assert earmark("download", "1", "2").exit_code == 0
        worked = earmark("process")
        assert worked.exit_code == 0, worked.output
        assert "Nothing: " in worked.stderr
        web.locked = dict.fromkeys(web.locked, "Basic other")
        assert "wants a name and password" in later_news(profile, days=4).problems[0][1]
    assert earmark("brief").exit_code == 0
    for form in FORMS:
        out = earmark("export", form, "--to", str(tmp_path / "out" / form))
        assert out.exit_code == 0, out.output
    for verb in (("library", "size"), ("library", "keep", "--json"), ("library", "clean", "--yes")):
        earmark(*verb)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 10
    found = [path for path in files for secret in SECRETS if secret.encode() in path.read_bytes()]
    assert found == []
    assert not any(secret in text for text in told for secret in SECRETS)
    assert {TOKEN, f"ann:{PASSWORD}"} <= set(memory.kept.values())
