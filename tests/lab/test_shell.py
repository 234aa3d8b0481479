"""The shell's grammar: what is read, and what is refused, with file, line and caret."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import InputError, NotModelledError
from netlab.lab import run_lab
from netlab.lab.shell import parse_script
from netlab.lab.shell_tree import AndOr, If, Simple


def words(text: str) -> list[str | None]:
    command = parse_script(text).body[0].first.commands[0]
    assert isinstance(command, Simple)
    return [word.literal for word in command.words]


def test_words_quotes_and_comments() -> None:
    assert words("""a 'b c' "d e"\\ f g#h  # i""") == ["a", "b c", "d e f", "g#h"]


def test_every_word_knows_its_place() -> None:
    script = parse_script("true\n  ip link \\\n   set eth0 up", "x.sh")
    command = script.body[1].first.commands[0]
    assert isinstance(command, Simple)
    places = [(w.place.line, w.place.column, w.place.width) for w in command.words]
    assert places == [(2, 2, 2), (2, 5, 4), (3, 3, 3), (3, 7, 4), (3, 12, 2)]


def test_structure() -> None:
    body = parse_script("if a; then b & else c | d && ! e; fi").body
    command = body[0].first.commands[0]
    assert isinstance(command, If)
    ((_, then),) = command.branches
    assert then[0].background
    assert command.otherwise is not None
    last: AndOr = command.otherwise[0]
    assert len(last.first.commands) == 2
    assert last.rest[0][0] == "&&"
    assert last.rest[0][1].inverted


@pytest.mark.parametrize(
    ("script", "line", "column", "message"),
    [
        ("echo 'open", 1, 5, "single quote is not closed"),
        ('x\necho "open', 2, 5, "double quote is not closed"),
        ("if true; then\necho\n", 3, 0, "the if on line 1"),
        ("cat <<EOF\nno end", 1, 4, "here-document is not closed"),
        ("a &&", 1, 4, "a command is missing"),
        ("fi", 1, 0, "'fi' is out of place"),
        ("for in x; do y; done", 1, 4, ""),
        ("echo $((1+2)", 1, 5, "$(( is not closed"),
        ("echo )", 1, 5, "unexpected ')'"),
        ("| x", 1, 0, "unexpected '|'"),
    ],
)
def test_errors_point_at_the_place(script: str, line: int, column: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_script(script, "lab.sh")
    assert message in caught.value.message
    if message:
        assert (caught.value.line, caught.value.column) == (line, column)
        assert str(caught.value).startswith(f"lab.sh:{line}: ")


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("echo a\n[[ a = b ]]", "[["),
        ("cat <<< x", "<<<"),
        ("a &> f", "&>"),
        ("a |& b", "|&"),
        ("((x++))", "((...))"),
        ("a=(1 2)", "arrays"),
        ("echo ${x//a/b}", "${x/"),
        ("function f { :; }", "function"),
        ("for ((;;)); do :; done", "for ((...))"),
        ("echo $'x'", "$'...'"),
        ("diff <(a) b", "process substitution"),
    ],
)
def test_what_is_not_sh_is_refused_by_name(script: str, word: str) -> None:
    with pytest.raises(NotModelledError) as caught:
        parse_script(script)
    assert word in caught.value.message


@pytest.mark.parametrize(
    ("script", "line", "word"),
    [
        ("echo a\nnosuchthing x", 2, "nosuchthing"),
        ("echo $(nosuchthing)", 1, "nosuchthing"),
        ("if false; then nosuchthing; fi", 1, "nosuchthing"),
        ("ip netns exec c1 nosuchthing", 1, "nosuchthing"),
        ("f() { nosuchthing; }", 1, "nosuchthing"),
    ],
)
def test_unknown_commands_are_refused_before_anything_runs(script: str, line: int, word: str) -> None:
    with pytest.raises(NotModelledError) as caught:
        run_lab(script)
    error = caught.value
    assert error.line == line
    assert word in error.message
    assert error.text is not None
    assert error.column is not None
    assert error.text[error.column :].startswith(word)
    assert "iptables" in (error.expected or "")
    assert not hasattr(error, "result")


@pytest.mark.parametrize(
    ("script", "word", "known"),
    [
        ("ping -c 1 -Y 127.0.0.1", "-Y", "-c"),
        ("ip link add x kind bridge", "kind", "type"),
        ("ip link add x type vxlan", "vxlan", "bridge"),
        ("iptables -A INPUT -m string -j ACCEPT", "string", "conntrack"),
        ("iptables -A INPUT -j TEE", "TEE", "MASQUERADE"),
        ("grep -P x", "-P", "-E"),
        ("conntrack -L --zone 1", "--zone", "-p"),
        ("ipset create x bitmap:ip,mac", "bitmap:ip,mac", "hash:ip"),
        ("cat /proc/meminfo", "/proc/meminfo", "sysctl"),
        ("sysctl -w net.ipv4.tcp_congestion_control=bbr", "net.ipv4.tcp_congestion_control", "sysctl"),
        ("dmesg --human", "--human", "-t"),
        ("awk '{s+=$1} END {print s}'", "{s+=$1}", "awk"),
        ("set -o pipefail", "-o", "-e"),
    ],
)
def test_what_a_command_does_not_model_names_the_word(script: str, word: str, known: str) -> None:
    with pytest.raises(NotModelledError) as caught:
        run_lab(f"echo before\n{script}\necho after")
    error = caught.value
    assert error.line == 2
    assert error.text == script
    assert error.column is not None
    assert word in script[error.column :] or word in error.message
    assert known in (error.expected or "")
    assert error.result.output == "before\n"  # type: ignore[attr-defined]


def test_a_lab_that_waits_for_ever_says_where() -> None:
    with pytest.raises(InputError, match="can no longer happen") as caught:
        run_lab("echo a\nnc -l 80\n")
    assert caught.value.line == 2


def test_a_lab_without_end_is_stopped() -> None:
    with pytest.raises(InputError, match="the loop has gone round"):
        run_lab("while true; do :; done")


def test_calls_without_end_are_stopped() -> None:
    with pytest.raises(InputError, match=r"without end|too deeply"):
        run_lab("f() { f; }\nf\n")


def test_nesting_without_end_is_stopped() -> None:
    with pytest.raises(InputError, match="too deeply"):
        parse_script("( " * 20000)


@given(st.text(alphabet="ab $'\"\\`|&;<>(){}#\n=*?!", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        assert parse_script(text).text == text


@given(
    st.lists(
        st.text(alphabet=st.characters(codec="ascii", exclude_characters="\n\r\0"), max_size=8), max_size=5
    )
)
def test_single_quotes_keep_every_word(items: list[str]) -> None:
    quoted = ["'" + item.replace("'", "'\\''") + "'" for item in items]
    result = run_lab("printf '<%s>\\n' " + " ".join(quoted))
    assert result.output == ("".join(f"<{item}>\n" for item in items) if items else "<>\n")
