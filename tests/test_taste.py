"""taste.toml: the user's own words stay as they wrote them, and lessons come and go beside them."""

import doctest
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from earmark import taste
from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.records import InsightId
from earmark.taste import Lesson, MutedShow, Taste, change_taste, load_taste, save_taste, taste_file

MINE = """\
# what I like
interests = [
    "sleep and memory",  # since last year
    "small software businesses",
]
muted_words = ["crypto"]
from_the_future = 3  # whatever this is

[[learned]]
name = "more-bread"
says = "More on bread, because you saved 2."
more = true
topic = "bread"  # how I call it
because = ["a", "b"]
"""
BREAD = Lesson(
    "more-bread",
    True,
    "topic",
    "bread",
    "More on bread, because you saved 2.",
    1.0,
    (InsightId("a"), InsightId("b")),
)
TRAINS = Lesson("less-trains", False, "show", "Trains", "Less from Trains, because you hid 3.", 3.0)


def write(paths: Paths, text: str) -> None:
    taste_file(paths).write_text(text, encoding="utf-8")


def text_of(paths: Paths) -> str:
    return taste_file(paths).read_text("utf-8")


def test_without_a_file_there_is_no_taste_and_reading_makes_none(paths: Paths) -> None:
    assert load_taste(paths) == Taste()
    assert not taste_file(paths).exists()


def test_everything_comes_back_as_it_was_saved(paths: Paths) -> None:
    whole = Taste(
        ("one", "two"),
        ("w",),
        (MutedShow('a "quoted" show'), MutedShow("News", "0a1b2c3d4e")),
        ("ü",),
        (BREAD, TRAINS),
    )
    save_taste(paths, whole)
    assert load_taste(paths) == whole
    save_taste(paths, Taste())
    assert load_taste(paths) == Taste()
    assert "You may edit this file" in text_of(paths)


def test_what_the_user_wrote_stays_when_a_lesson_comes(paths: Paths) -> None:
    write(paths, MINE)
    before = load_taste(paths)
    assert before.interests == ("sleep and memory", "small software businesses")
    assert before.lessons == (BREAD,)
    save_taste(paths, replace(before, lessons=(BREAD, TRAINS)))
    assert text_of(paths).startswith(MINE.split("[[learned]]")[0])
    assert "# how I call it" in text_of(paths)
    assert load_taste(paths) == replace(before, lessons=(BREAD, TRAINS))


def test_an_interest_comes_and_goes_and_the_comments_of_the_others_stay(paths: Paths) -> None:
    write(paths, MINE)
    before = load_taste(paths)
    wanted = replace(before, interests=("sleep and memory", "trams"), muted_topics=("football",))
    save_taste(paths, wanted)
    assert load_taste(paths) == wanted
    for comment in ("# what I like", "# since last year", "# whatever this is", "# how I call it"):
        assert comment in text_of(paths)
    assert "from_the_future = 3" in text_of(paths)


def test_a_muted_show_is_a_title_or_a_title_with_its_lasting_id(paths: Paths) -> None:
    old = 'muted_shows = [\n    "Loud  Hour",  # too loud\n]\n'
    write(paths, old)
    loud, news = MutedShow("Loud Hour"), MutedShow("News", "0a1b2c3d4e")
    assert load_taste(paths).muted_shows == (loud,)
    save_taste(paths, Taste(muted_shows=(loud, news)))
    assert "# too loud" in text_of(paths)
    assert '{title = "News", show = "0a1b2c3d4e"}' in text_of(paths)
    assert load_taste(paths).muted_shows == (loud, news)
    save_taste(paths, Taste(muted_shows=(news,)))
    assert load_taste(paths).muted_shows == (news,)


@pytest.mark.parametrize(
    "written",
    [
        'muted_shows = "Public show"\n',
        'muted_words = []\n[[muted_shows]]\ntitle = "Public show"\n\n[mine]\na = 1\n',
        '[muted_shows]\ntitle = "Public show"\n',
    ],
)
def test_muted_shows_that_are_written_in_another_way_come_and_go_too(paths: Paths, written: str) -> None:
    write(paths, written)
    assert load_taste(paths).muted_shows == (MutedShow("Public show"),)
    change_taste(paths, lambda was: replace(was, lessons=(TRAINS,)))
    assert written.strip() in text_of(paths)
    change_taste(paths, lambda was: replace(was, muted_shows=(*was.muted_shows, MutedShow("Two", "id"))))
    assert load_taste(paths).muted_shows == (MutedShow("Public show"), MutedShow("Two", "id"))
    write(paths, written)
    change_taste(paths, lambda was: replace(was, muted_shows=()))
    assert load_taste(paths) == Taste()
    assert ("[mine]\na = 1" in text_of(paths)) == ("[mine]" in written)


def test_a_lesson_that_the_user_wrote_needs_only_a_topic(paths: Paths) -> None:
    write(paths, '[[learned]]\ntopic = "trams"\n')
    [lesson] = load_taste(paths).lessons
    assert (lesson.name, lesson.more, lesson.says) == ("more-trams", True, "More on trams.")
    save_taste(paths, Taste(lessons=(lesson, BREAD)))
    assert load_taste(paths).lessons == (lesson, BREAD)


def test_a_file_with_the_mark_that_some_editors_put_first_is_read(paths: Paths) -> None:
    taste_file(paths).write_bytes(b"\xef\xbb\xbf" + MINE.encode())
    assert load_taste(paths).muted_words == ("crypto",)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('interests = ["sleep', "cannot be read"),
        ("interests = " + "[" * 3000, "cannot be read"),
        ('interests = "sleep"', "interests must be a list"),
        ("muted_words = [3]", "muted_words must be a list"),
        ("muted_shows = [3]", "muted_shows must be a list"),
        ('muted_shows = [{title = "x", show = 3}]', "muted_shows must be a list"),
        ("learned = 3", "begin with"),
        ("[[learned]]\nmore = true\n", "needs a topic"),
        ('[[learned]]\ntopic = "x"\nmore = "yes"\n', "lesson on “x” cannot be read"),
        ('[[learned]]\ntopic = "x"\nweight = nan\n', "lesson on “x” cannot be read"),
        ('[[learned]]\ntopic = "x"\n[[learned]]\ntopic = "x"\n', "same name"),
    ],
)
def test_a_broken_file_is_named_in_plain_words_and_left_alone(paths: Paths, text: str, part: str) -> None:
    write(paths, text)
    with pytest.raises(KnownError, match=part) as caught:
        load_taste(paths)
    assert str(taste_file(paths)) in str(caught.value)
    with pytest.raises(KnownError, match=part):
        save_taste(paths, Taste(interests=("sleep",)))
    assert text_of(paths) == text


def test_the_examples_in_the_docstrings_hold() -> None:
    result = doctest.testmod(taste)
    assert (result.failed, result.attempted > 0) == (0, True)


def test_what_many_write_at_once_is_all_there(paths: Paths) -> None:
    save_taste(paths, Taste(("first",)))
    words = [f"word {number}" for number in range(40)]

    def add(word: str) -> None:
        change_taste(paths, lambda now: replace(now, interests=(*now.interests, word)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, words))
    assert sorted(load_taste(paths).interests) == sorted(["first", *words])
    assert [path.name for path in paths.data.glob("*.part")] == []


def test_a_change_that_fails_leaves_the_file_and_lets_go_of_it(paths: Paths) -> None:
    write(paths, MINE)

    def fail(_now: Taste) -> Taste:
        raise KnownError("no")

    with pytest.raises(KnownError, match=r"^no$"):
        change_taste(paths, fail)
    assert text_of(paths) == MINE
    assert change_taste(paths, lambda now: now).muted_words == ("crypto",)


def test_a_new_folder_is_made_for_the_first_word(tmp_path: Path) -> None:
    change_taste(Paths(tmp_path / "new"), lambda now: replace(now, interests=("trams",)))
    assert load_taste(Paths(tmp_path / "new")).interests == ("trams",)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_file_that_is_a_link_is_written_where_it_leads(paths: Paths, tmp_path: Path) -> None:
    dotfiles = tmp_path / "dotfiles"
    dotfiles.mkdir()
    mine = dotfiles / "my taste.toml"
    mine.write_text(MINE, encoding="utf-8")
    mine.chmod(0o640)
    taste_file(paths).symlink_to(mine)
    change_taste(paths, lambda now: replace(now, interests=(*now.interests, "trams")))
    assert taste_file(paths).is_symlink()
    assert '"trams"' in mine.read_text("utf-8")
    assert mine.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in dotfiles.iterdir()] == [mine.name]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"interests = [", "something is wrong, missing or there twice in line 1"),
        (b'interests = []\nmuted_words = "x', "something is wrong, missing or there twice in line 2"),
        (b"interests = []\ninterests = []", "there twice in line 2"),
        (b"interests = ['\xff']", "it is not a text in UTF-8"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_as_people_say_it(paths: Paths, text: bytes, why: str) -> None:
    taste_file(paths).write_bytes(text)
    with pytest.raises(KnownError) as fault:
        load_taste(paths)
    assert why in str(fault.value)
    assert "col" not in str(fault.value).replace(str(paths.data), "")
