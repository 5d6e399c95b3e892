import gzip
import html
import json
import os
import re

import pytest

from gis.project import Project
from gis.publish import publish, publish_site
from gis.publish.file_names import file_stem
from gis.publish.site import INDEX, read_index
from layers.errors import BadInputError, PublishError, StorageError
from layers.text import Text
from tests.gis.publish.attacks import ATTACKS
from tests.gis.publish.decoding import payload_of
from tests.gis.publish.plans import second, snapshot
from tests.gis.publish.test_publication import difference

DONE = Text("改", "edit")


def made(path, title="试验小区", revisions=2):
    project = Project.create(path, title, "EPSG:4548")
    for number, state in zip(range(revisions), (snapshot(), second()), strict=False):
        project.apply(difference(project.snapshot, state), DONE)
        project.freeze(f"公示稿 第{number + 1}版")
    return project


@pytest.fixture
def project(tmp_path):
    with made(tmp_path / "plan.gpkg") as opened:
        yield opened


def test_a_site_holds_a_page_for_each_revision_and_an_index(project, tmp_path):
    result = publish_site(project, tmp_path / "site")
    names = ["试验小区-R1.html", "试验小区-R2.html", INDEX]
    assert sorted(p.name for p in (tmp_path / "site").iterdir()) == sorted(names)
    assert result.written == tuple(names)
    assert [p.revision for p in project.postings] == ["R1", "R2"]
    first, second_, index = ((tmp_path / "site" / n).read_text("utf-8") for n in names)
    assert 'href="%E8%AF%95%E9%AA%8C%E5%B0%8F%E5%8C%BA-R2.html"' in first
    assert 'id="newer"' not in second_
    assert index.index("R2") < index.index("R1")
    assert "已被 R2 取代" in index


def test_publishing_a_site_again_writes_nothing_that_is_as_it_was(project, tmp_path):
    publish_site(project, tmp_path / "site")
    before = {p.name: p.read_bytes() for p in (tmp_path / "site").iterdir()}
    result = publish_site(project, tmp_path / "site")
    assert result.written == ()
    assert {p.name: p.read_bytes() for p in (tmp_path / "site").iterdir()} == before
    assert len(project.postings) == 2


def test_a_new_revision_marks_the_older_pages_and_records_their_new_hashes(tmp_path):
    with made(tmp_path / "plan.gpkg", revisions=1) as project:
        first = publish_site(project, tmp_path / "site").pages[0]
        project.apply(difference(project.snapshot, second()), DONE)
        project.freeze("公示稿 第2版")
        result = publish_site(project, tmp_path / "site")
        assert set(result.written) == {"试验小区-R1.html", "试验小区-R2.html", INDEX}
        assert result.pages[0].sha256 != first.sha256
        assert [p.sha256 for p in project.postings if p.revision == "R1"] == [
            first.sha256,
            result.pages[0].sha256,
        ]
        assert [r.sha256 for r in result.estates[0].revisions] == [p.sha256 for p in result.pages]


def test_another_estate_joins_the_index_even_under_the_same_name(project, tmp_path):
    publish_site(project, tmp_path / "site")
    before = (tmp_path / "site" / "试验小区-R1.html").read_bytes()
    with made(tmp_path / "other.gpkg", revisions=1) as other:
        result = publish_site(other, tmp_path / "site")
    assert [len(e.revisions) for e in result.estates] == [2, 1]
    assert result.estates[1].revisions[0].file_name == "试验小区-2-R1.html"
    assert (tmp_path / "site" / "试验小区-R1.html").read_bytes() == before
    assert read_index(tmp_path / "site") == result.estates


def test_an_estate_that_is_renamed_keeps_its_files(project, tmp_path):
    publish_site(project, tmp_path / "site")
    from layers.changes import ChangeSet, SettingChange

    renamed = ChangeSet(
        {}, {"project.title": SettingChange(project.snapshot.settings.get("project.title"), "新名")}
    )
    project.apply(renamed, DONE)
    result = publish_site(project, tmp_path / "site")
    assert {r.file_name for r in result.estates[0].revisions} == {"试验小区-R1.html", "试验小区-R2.html"}
    assert len(result.estates) == 1


def test_a_title_full_of_attacks_stays_words_in_the_index(tmp_path):
    title = " ".join(ATTACKS)
    with made(tmp_path / "plan.gpkg", title, revisions=1) as project:
        result = publish_site(project, tmp_path / "site")
    index = result.index.read_text("utf-8")
    assert len(re.findall("<script", index)) == 1
    assert not re.search(r"<(img|svg|iframe|a href=\"j)", index)
    data = re.search(r'id="list">([^<]*)</script>', index).group(1)
    assert json.loads(data)["estates"][0]["title"] == read_index(tmp_path / "site")[0].title
    assert "unsafe" not in index
    assert result.pages[0].path.name == result.pages[0].path.name.strip()


HEAD = '<script type="application/json" id="list">'
ESCAPING = {"label": "R1", "title": "", "date": "", "file_name": "../x.html", "changes": 1, "sha256": ""}
ESTATES = {"estates": [{"key": "k", "title": "t", "revisions": [ESCAPING]}]}


@pytest.mark.parametrize(
    "content",
    [
        "<html>mine</html>",
        f'{HEAD}{{"estates": [{{}}]}}</script>',
        f"{HEAD}{json.dumps(ESTATES)}</script>",
    ],
)
def test_a_foreign_index_is_never_written_over(project, tmp_path, content):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / INDEX).write_text(content)
    with pytest.raises(BadInputError):
        publish_site(project, tmp_path / "site")
    assert [p.name for p in (tmp_path / "site").iterdir()] == [INDEX]
    assert (tmp_path / "site" / INDEX).read_text() == content


def test_a_foreign_file_of_a_page_s_name_is_left_alone(project, tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "试验小区-R1.html").write_text("mine")
    publish_site(project, folder)
    assert (folder / "试验小区-R1.html").read_text() == "mine"
    names = [one.file_name for one in read_index(folder)[0].revisions]
    assert names == ["试验小区-2-R1.html", "试验小区-R2.html"]
    (folder / INDEX).unlink()
    publish_site(project, folder)
    assert sorted(p.name for p in folder.iterdir()) == sorted([*names, "试验小区-R1.html", INDEX])


def test_an_older_copy_of_the_project_does_not_take_newer_pages_down(tmp_path):
    import shutil

    made(tmp_path / "old.gpkg").close()
    shutil.copy(tmp_path / "old.gpkg", tmp_path / "new.gpkg")
    with Project.open(tmp_path / "new.gpkg") as project:
        project.freeze("公示稿 第3版")
        publish_site(project, tmp_path / "site")
    before = {p.name: p.read_bytes() for p in (tmp_path / "site").iterdir()}
    with Project.open(tmp_path / "old.gpkg") as old, pytest.raises(PublishError) as caught:
        publish_site(old, tmp_path / "site")
    assert "R3" in caught.value.message.zh
    assert {p.name: p.read_bytes() for p in (tmp_path / "site").iterdir()} == before


def test_a_project_without_revisions_has_no_site(tmp_path):
    with Project.create(tmp_path / "p.gpkg", "空", "EPSG:4548") as empty, pytest.raises(PublishError):
        publish_site(empty, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_failing_disk_leaves_each_page_whole(project, tmp_path, monkeypatch):
    publish_site(project, tmp_path / "site")
    before = {p.name: p.read_bytes() for p in (tmp_path / "site").iterdir()}
    project.freeze("公示稿 第3版")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StorageError):
        publish_site(project, tmp_path / "site")
    assert {p.name: p.read_bytes() for p in (tmp_path / "site").iterdir()} == before


def test_an_older_page_says_that_a_newer_one_was_published(project, tmp_path):
    publish(project, tmp_path / "r1.html", revision="R1")
    assert 'id="newer"' not in (tmp_path / "r1.html").read_text("utf-8")
    publish(project, tmp_path / "r2.html", revision="R2")
    publish(project, tmp_path / "r1.html", revision="R1")
    marked = html.unescape((tmp_path / "r1.html").read_text("utf-8"))
    assert "已被 R2" in marked
    assert "superseded by R2" not in marked.split('id="newer"')[0]


def test_what_is_masked_in_the_newest_title_is_masked_in_the_mark_on_older_pages(project, tmp_path):
    project.freeze("公示稿 有事找 13805331234")
    publish_site(project, tmp_path / "site")
    for number in (1, 2, 3):
        page = (tmp_path / "site" / f"试验小区-R{number}.html").read_bytes()
        shown = html.unescape(page.decode())
        assert "有事找 138****1234" in shown
        for place in (shown.encode(), gzip.decompress(payload_of(page))):
            assert b"13805331234" not in place


@pytest.mark.parametrize(
    ("words", "stem"),
    [
        (("金茵小区(示例)", "R3"), "金茵小区-示例-R3"),
        (("../../etc/passwd",), "etc-passwd"),
        (("CON",), "page-CON"),
        (("com1", ""), "page-com1"),
        (("lpt9.html",), "lpt9-html"),
        (("",), "page"),
        (("...", " "), "page"),
        (("a\0b\nc\u202ed",), "a-b-c-d"),
        (("ＡＢ１２",), "AB12"),
        (("🏚️ x",), "x"),
    ],
)
def test_a_file_name_is_fit_for_every_system(words, stem):
    assert file_stem(*words) == stem


def test_a_long_title_is_cut_between_characters_and_keeps_the_revision():
    stem = file_stem("长" * 300, "R12")
    assert stem.endswith("长-R12")
    assert len(stem.encode()) <= 80
    assert file_stem("x" * 5000, "y" * 5000)


def test_pages_after_a_chosen_revision_tell_their_changes_since_it(project, tmp_path):
    project.freeze("公示稿 第3版")
    result = publish_site(project, tmp_path / "site", compare="R1")
    assert [page.compared_with for page in result.pages] == [None, "R1", "R1"]
    usual = publish_site(project, tmp_path / "usual")
    assert [page.compared_with for page in usual.pages] == [None, "R1", "R2"]


def test_no_file_of_a_site_is_called_by_what_is_private(tmp_path):
    with made(tmp_path / "plan.gpkg", "金茵 欧阳建国 13812345678") as project:
        settings = {**project.snapshot.settings, "publish.names": ["欧阳建国"]}
        publish_site(project, tmp_path / "site", settings=settings)
    told = " ".join(p.name for p in (tmp_path / "site").iterdir()) + (tmp_path / "site" / INDEX).read_text(
        "utf-8"
    )
    assert "金茵" in told
    assert "13812345678" not in told
    assert "欧阳建国" not in told
