import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.publish.comment_text import CommentText, format_comment, parse_comment, parse_comments

BRACKETS = set("【】[]［］〖〗")
said = st.text(max_size=40).map(lambda text: " ".join(text.split()))
labels = (
    st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters=BRACKETS), min_size=1, max_size=8)
    .filter(lambda label: not re.search(r"[-－‐–—−]$", label))
    .filter(str.strip)
)


@given(labels, st.integers(1, 999_999), said, said, said, st.text(max_size=80), st.sampled_from(["zh", "en"]))
def test_what_a_page_writes_is_read_back(revision, number, estate, about, place, words, language):
    comment = CommentText(revision, number, estate, about, place, words.strip())
    text = format_comment(comment, language)
    if len(parse_comments(text)) == 1:  # the words may quote another comment
        assert parse_comment(text) == comment


@given(st.text(max_size=200))
def test_any_text_is_read_without_failing(text):
    assert all(comment.number >= 0 for comment in parse_comments(text))


TEXT = "【改造意见 R3-7】\n小区：金茵小区\n对象：新建停车位 18\n位置：12号楼北侧约20米\n意见：太少"
READ = CommentText("R3", 7, "金茵小区", "新建停车位 18", "12号楼北侧约20米", "太少")


@pytest.mark.parametrize(
    "sent",
    [
        TEXT,
        TEXT.replace("\n", " "),
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("：", ": "),
        TEXT.replace("R3-7", "R3－７"),
        TEXT.replace("【", "[").replace("】", "]"),
        f"王女士 2020-07-12 09:30\n{TEXT}",
        "\n".join(f"  {line} " for line in TEXT.split("\n")),
    ],
)
def test_what_chats_do_to_a_text_does_no_harm(sent):
    assert parse_comment(sent) == READ


def test_a_chat_with_several_comments_gives_each():
    found = parse_comments(f"甲：{TEXT}\n乙：[Plan comment R2-1704] My comment: ok")
    assert [c.label for c in found] == ["R3-7", "R2-1704"]
    assert found[1].words == "ok"


def test_the_first_line_alone_is_enough():
    assert parse_comment("【改造意见 R3-7】这里太窄") == CommentText("R3", 7, words="这里太窄")


@pytest.mark.parametrize("text", ["", "R3-7", "【意见】", "【改造意见】太少", "[Plan comment R3]"])
def test_a_text_without_a_number_is_no_comment(text):
    assert parse_comment(text) is None


@pytest.mark.parametrize(
    ("sent", "label", "words"),
    [
        ("改造意见 R3-7\n意见：太少", "R3-7", "太少"),
        ("【改造意见 R3-7\n意见：太少", "R3-7", "太少"),
        ("【改造意见R3-7】意见：太少", "R3-7", "太少"),
        ("［改造意见　Ｒ３－７］意见：太少", "Ｒ３-7", "太少"),
        ("\u200b【改造意见\u00a0R3\u20117】意见：太少", "R3-7", "太少"),
        ("[plan comment R3-7] my comment: too few", "R3-7", "too few"),
    ],
)
def test_a_head_that_a_chat_has_damaged_is_still_read(sent, label, words):
    (found,) = parse_comments(sent)
    assert (found.label, found.words) == (label, words)


@pytest.mark.parametrize(
    "said", ["改造意见 2020-07-25 收到", "改造意见收集表 12", "我的改造意见 R3-7 很好", "R3-7 太少"]
)
def test_a_sentence_about_comments_is_none(said):
    assert parse_comments(said) == ()


def test_who_speaks_next_in_a_chat_is_no_part_of_the_words_before():
    chat = (
        "张三 2026-11-22 09:12\n【改造意见 R3-7】\n意见：多留车位\n第二行 9:30 开门\n\n"
        "李四 2026/11/22 下午 3:15\n【改造意见 R3-1704】\n意见：漏水\n"
    )
    assert [c.words for c in parse_comments(chat)] == ["多留车位\n第二行 9:30 开门", "漏水"]


@pytest.mark.parametrize(
    "after",
    [
        "李建国 08:40:12\n\n收到",
        "李建国 2026/11/22 08:40\n收到",
        "李 建国 11-22 08:40\n收到",
        "孙老师 昨天 21:03\n明天几点开会？",
        "Ann Lee 2026-11-22 3:15 PM\nok",
        '"王芳" 撤回了一条消息',
        "你撤回了一条消息 重新编辑\n收到",
        '"甲"邀请"乙"加入了群聊',
        "[微信红包]恭喜发财，大吉大利",
        "收到红包，请在手机上查看",
        "[图片]",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n"])
def test_the_words_end_where_only_the_chat_can_have_gone_on(after, gap):
    assert parse_comments(f"{TEXT}{gap}{after}\n") == (READ,)


def test_a_name_and_a_time_of_day_end_the_words_in_a_chat_that_names_who_speaks_so():
    assert parse_comments(f"王芳 08:41\n{TEXT}\n李建国 8:42\n收到") == (READ,)


@pytest.mark.parametrize("before", ["", "王芳 08:41\n", "王芳 2026-11-22 08:41\n", "王芳:\n"])
@pytest.mark.parametrize(
    "said",
    [
        "楼下 8:30\n就开始吵",
        "门口 17:20 接孩子\n堵死了",
        "北门口 7:50\n车太多",
        "停水 11月22日 8:30\n没人通知",
    ],
)
def test_a_place_and_a_time_in_a_sentence_are_no_head_of_a_message(before, said):
    (found,) = parse_comments(f"{before}【改造意见 R3-7】\n意见：{said}")
    assert found.words == said


def test_a_time_alone_cuts_nothing_where_no_name_and_time_stand_before_the_comment():
    said = "西门 8:30\n以后再说\n王师傅 9:00\n才来"
    (found,) = parse_comments(f"【改造意见 R3-7】\n意见：{said}")
    assert found.words == said


@pytest.mark.parametrize(
    "chat",
    [
        "微信群“金茵”聊天记录：\n\n————— 2026-11-20 —————\n\n王芳  08:30\n\n{t}\n\n李四  08:31\n\n收到\n",
        "王芳  23:58\n\n{t}\n\n————— 2026-11-21 —————\n\n李四  00:01\n\n收到\n",
        "王芳 2026/11/20 8:30:12\n{t}\n李四 2026/11/20 8:31:05\n收到",
        "王芳:\n{t}\n\n李四:\n收到",
        "王芳(12345678) 8:30:12\n{t}\n\n李四(87654321) 8:31:05\n收到",
        "2026-11-20 8:30:12 王芳(12345678)\n{t}\n\n2026-11-20 8:31:05 李四<li@qq.com>\n收到",
        "【冒泡】王芳(12345678)  8:30:12\n{t}\n【潜水】李四(87654321)  8:31:05\n收到",
    ],
    ids=["wechat-mail", "wechat-day", "wechat-pc", "wechat-phone", "qq", "qq-record", "qq-title"],
)
def test_chats_are_cut_as_wechat_and_qq_copy_them(chat):
    assert parse_comments(chat.replace("{t}", TEXT)) == (READ,)


@pytest.mark.parametrize(
    "said",
    [
        "别在\n早上 8:30\n以前施工",
        "大门改到晚上 22:00\n关",
        "幼儿园放学 16:30",
        "第一段\n\n第二段",
        "两条\n\n建议：\n多种树",
        "红包不要发，多修路\n[强]",
        "开工 2026-11-22 8:00，太早\n改晚些",
    ],
)
def test_what_a_resident_may_have_written_ends_nothing(said):
    (found,) = parse_comments(f"王芳 08:41\n【改造意见 R3-7】\n意见：{said}")
    assert found.words == said


def test_a_chat_copied_with_names_and_colons_ends_the_words_at_the_next_name():
    chat = f"张丽:\n{TEXT}\n\n李建国:\n收到\n\n赵敏:\n{TEXT.replace('R3-7', 'R3-9')}\n\n孙老师:\n几点开会？\n"
    assert [(c.label, c.words) for c in parse_comments(chat)] == [("R3-7", "太少"), ("R3-9", "太少")]


def test_a_name_and_a_colon_right_before_the_next_comment_are_no_words():
    found = parse_comments(f"{TEXT}\n赵敏：{TEXT}")
    assert [c.words for c in found] == ["太少", "太少"]
