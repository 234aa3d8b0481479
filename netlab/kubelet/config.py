"""One reader for everything that says how a kubelet is set up, to one KubeletSettings.

Read are: KubeletConfiguration (YAML or JSON, alone, among other documents, or inside a ConfigMap), configz,
kubelet command lines (see ``flags``), systemd units (see ``systemd``) and the start-up dump (``godump``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import yaml

from netlab.errors import InputError
from netlab.kubelet.flags import CommandLine, find_command_lines, parse_flags
from netlab.kubelet.godump import read_dumps, value_text
from netlab.kubelet.layers import settle
from netlab.kubelet.profile import CURRENT, Profile
from netlab.kubelet.profile import profile as profile_of
from netlab.kubelet.settings import NAMES, Item, KubeletSettings
from netlab.kubelet.systemd import environment_file, read_units, split_words

_FIELDS: Final = {field for _, field in NAMES if field is not None}
_LOWER: Final = {field.lower(): field for field in _FIELDS}
_EVICTION: Final = re.compile(r"eviction|imagegc(high|low)|enforcenode|mergedefault", re.IGNORECASE)
_MAPS: Final = ("evictionHard", "evictionSoft", "evictionSoftGracePeriod", "evictionMinimumReclaim")


def read_settings(
    sources: str | Sequence[tuple[str, str]],
    profile: Profile | str = CURRENT,
    *,
    files: Mapping[str, str] | None = None,
) -> KubeletSettings:
    """Settings out of one pasted text, or of several as (name, text), in any order and mix.

    What each text is, is seen from the text. ``files`` holds further texts by path: environment files of
    units, and the file that ``--config`` names. Flags win over files; a unit's parts are read together, and an
    environment file among the sources is the one that the unit names.

    >>> settings = read_settings("--eviction-hard=nodefs.available<5%")
    >>> [str(t) for t in settings.thresholds]
    ['nodefs.available<5%']

    Raises InputError (ThresholdError where the kubelet itself would refuse) with file, line and caret.
    """
    profile = profile_of(profile)
    if isinstance(sources, str):
        sources = [("settings", sources)]
    items: list[Item] = []
    notes: list[str] = []
    kinds = [(kind_of(text), name, text) for name, text in sources]
    units = [(name, text) for kind, name, text in kinds if kind == "unit"]
    at_hand = dict(files or {})
    for kind, name, text in kinds:
        if kind == "environment" and units:  # what it sets counts only where the unit uses it
            at_hand[name] = text
            if not any(name.rpartition("/")[2] in unit for _, unit in units):
                notes.append(f"{name}: no unit names this environment file, so it sets nothing")
        elif kind != "unit":
            found, said = _READERS[kind](text, name, profile)
            items += found
            notes += said
    if units:
        command, said = read_units(units, files=at_hand)
        found, more = parse_flags(command)
        items += found
        notes += said + more
    for item in [i for i in items if i.name == "config"]:
        path = str(item.value)
        if path in at_hand:
            found, said = read_config(at_hand[path], path, profile)
            items += found
            notes += said
        elif not any(i.via == "file" for i in items):
            notes.append(f"{item}: the configuration file {path} is not at hand, what it sets is unknown")
    return settle(items, profile, notes)


def kind_of(text: str) -> str:
    """What a text is: ``dump``, ``config``, ``unit``, ``environment`` or ``flags``."""
    if "HardEvictionThresholds" in text or re.search(r"Signal:\s*\S+?\s*Operator:", text):
        return "dump"
    if text.lstrip().startswith("{") or re.search(r"(?m)^\s*(kind|apiVersion|eviction\w+|data):", text):
        return "config"
    if re.search(r"(?m)^\s*(\[\w+\]\s*$|(ExecStart|Environment|EnvironmentFile)=)", text):
        return "unit"
    if re.match(r"(?:\s*#.*\n|\s*\n)*\s*[A-Z_]*KUBELET[A-Z_]*=", text):
        return "environment"
    return "flags"


def _read_flags(text: str, source: str, profile: Profile) -> tuple[list[Item], list[str]]:
    commands = find_command_lines(text, source=source)
    if not commands:
        first = next((line for line in text.splitlines() if line.strip()), "")
        raise InputError(
            "no kubelet command line here",
            source=source,
            line=1,
            text=first,
            column=0,
            expected="a line of ps with /usr/bin/kubelet, flags such as --eviction-hard=..., a "
            "KubeletConfiguration, a unit file, or a start-up dump",
        )
    items, notes = parse_flags(commands[-1])
    if len(commands) > 1:
        notes.append(f"{source}: {len(commands)} kubelet command lines, the last one is used")
    return items, notes


def _read_environment(text: str, source: str, profile: Profile) -> tuple[list[Item], list[str]]:
    """An environment file alone (kubeadm-flags.env, /etc/default/kubelet): the flags in its KUBELET variables."""
    items: list[Item] = []
    notes: list[str] = []
    for name, (value, origin) in environment_file(text, source):
        if "KUBELET" not in name or not value.lstrip().startswith("-"):
            continue
        words = (name, *split_words(value))
        command = CommandLine(argv=words, source=source, line=origin.line, text=origin.text)
        found, said = parse_flags(command)
        items += found
        notes += said
    return items, [*notes, f"{source}: read as flags; whether the unit uses them is unknown"]


def _read_dump(text: str, source: str, profile: Profile) -> tuple[list[Item], list[str]]:
    dumps = read_dumps(text, source=source)
    lines = text.splitlines()
    if not dumps:
        raise InputError(
            "no list of thresholds can be read here",
            source=source,
            line=1,
            text=lines[0] if lines else "",
            column=0,
            expected="HardEvictionThresholds:[{Signal:... Operator:LessThan Value:{...} ...}]",
        )
    dump = dumps[-1]
    line = lines[dump.line - 1]
    hard = {t.signal: value_text(t.value) for t in dump.thresholds}
    value: object = ",".join(f"{s}<{v}" for s, v in hard.items()) if profile.is_v17 else hard

    def item(name: str, value: object) -> Item:
        return Item(name=name, value=value, via="log", source=source, line=dump.line, text=line)

    items = [item("evictionHard", value)]
    if dump.enforce is not None:
        items.append(item("enforceNodeAllocatable", list(dump.enforce)))
    note = f"{source}:{dump.line}: the dump shows hard thresholds only; soft ones and reclaims are unknown"
    return items, [note, *dump.notes]


def read_config(text: str, source: str, profile: Profile) -> tuple[list[Item], list[str]]:
    """The eviction settings of a KubeletConfiguration or configz, with the line of each."""
    clean = text.replace("\t", " ") if text.lstrip().startswith("{") else text
    try:
        nodes = list(yaml.compose_all(clean, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        lines = text.splitlines()
        raise InputError(
            f"not YAML: {error.problem or error.context}",
            source=source,
            line=mark.line + 1 if mark else None,
            text=lines[mark.line] if mark and mark.line < len(lines) else None,
            column=mark.column if mark else None,
            expected="a KubeletConfiguration in YAML or JSON",
        ) from None
    except yaml.YAMLError as error:
        raise InputError(f"not YAML: {error}", source=source, expected="a KubeletConfiguration") from None
    for node in nodes:
        _check_keys(node, text, source, set())
    node, via = _configuration(nodes, text, source)
    if node.tag == "nested":
        return _read_nested(node, text, source, profile)
    return _Config(text, source, profile, via).items(node), []


def _read_nested(node: yaml.Node, text: str, source: str, profile: Profile) -> tuple[list[Item], list[str]]:
    """A configuration inside a ConfigMap. As a block it is read in its place, so that line numbers hold."""
    first = node.start_mark.line + 1
    inner = node.value.splitlines()
    block = text.splitlines()[first : first + len(inner)]
    if [line.strip() for line in inner] != [line.strip() for line in block]:
        return read_config(node.value, f"{source} (ConfigMap)", profile)
    margin = min((len(line) - len(line.lstrip()) for line in block if line.strip()), default=0)
    inside = [line[margin:] for line in block]
    return read_config("\n" * first + "\n".join(inside) + "\n", source, profile)


def _check_keys(node: yaml.Node | None, text: str, source: str, seen: set[int]) -> None:
    """Keys are words; YAML would take lists and maps as keys too."""
    if not isinstance(node, yaml.CollectionNode) or id(node) in seen:
        return
    seen.add(id(node))
    for entry in node.value:
        key, value = entry if isinstance(node, yaml.MappingNode) else (None, entry)
        if key is not None and not isinstance(key, yaml.ScalarNode):
            mark = key.start_mark
            raise InputError(
                "a key that is not a word",
                source=source,
                line=mark.line + 1,
                text=text.splitlines()[mark.line],
                column=mark.column,
                expected="the name of a field or signal",
            )
        _check_keys(value, text, source, seen)


def _configuration(nodes: Sequence[yaml.Node | None], text: str, source: str) -> tuple[yaml.Node, str]:
    """The node that holds the settings, and whether it is a file's or configz."""
    maps = [n for n in nodes if isinstance(n, yaml.MappingNode)]
    for node in maps:
        keys = {k.value: v for k, v in node.value}
        for wrapper in ("kubeletconfig", "componentconfig"):
            if isinstance(keys.get(wrapper), yaml.MappingNode):
                return keys[wrapper], "configz"
        data = keys.get("data")
        if isinstance(data, yaml.MappingNode):
            for key, value in data.value:
                named = "kubelet" in key.value or key.value == "config"
                if named and isinstance(value, yaml.ScalarNode):
                    nested = yaml.ScalarNode("nested", value.value, value.start_mark, value.end_mark)
                    return nested, "file"
        kind = keys.get("kind")
        if kind is not None and kind.value == "KubeletConfiguration":
            return node, "file"
    plain = [n for n in maps if "kind" not in {k.value for k, _ in n.value}]
    if plain:
        return plain[0], "file"
    found = ", ".join(value.value for n in maps for key, value in n.value if key.value == "kind")
    raise InputError(
        f"no KubeletConfiguration here{f', only {found}' if found else ''}",
        source=source,
        line=1,
        text=next(iter(text.splitlines()), ""),
        column=0,
        expected="kind: KubeletConfiguration, or the answer of /configz",
    )


class _Config:
    """Reads the fields of one configuration node; knows the text for carets."""

    def __init__(self, text: str, source: str, profile: Profile, via: str) -> None:
        self.lines = text.splitlines()
        self.source = source
        self.profile = profile
        self.via = via

    def items(self, node: yaml.Node) -> list[Item]:
        seen: dict[str, yaml.Node] = {}
        result = []
        for key, value in node.value:
            name = key.value
            if name in seen:
                raise self.error(f'key "{name}" already set in map', key, "each field once")
            seen[name] = value
            if name not in _FIELDS:
                self.refuse_misspelled(name, key)
                continue
            plain = self.plain(name, value)
            if plain is None:
                continue
            line = key.start_mark.line
            result.append(
                Item(
                    name=name,
                    value=plain,
                    via=self.via,
                    source=self.source,
                    line=line + 1,
                    text=self.lines[line],
                    places=self.places(value),
                )
            )
        return result

    def places(self, node: yaml.Node) -> dict[str, tuple[int, str]]:
        """The line and text of each entry of a map."""
        if not isinstance(node, yaml.MappingNode):
            return {}
        lines = {key.value: key.start_mark.line for key, _ in node.value}
        return {name: (line + 1, self.lines[line]) for name, line in lines.items()}

    def refuse_misspelled(self, name: str, key: yaml.Node) -> None:
        near = _LOWER.get(name.lower().replace("-", "").replace("_", ""))
        if near or _EVICTION.match(name):
            hint = (
                f"{near} (upper and lower case as shown)" if near else f"one of {', '.join(sorted(_FIELDS))}"
            )
            raise self.error(f'unknown field "{name}"', key, hint)

    def plain(self, name: str, node: yaml.Node) -> object:
        """The value of a field as Python has it; None for null. Values of maps stay strings."""
        value = self.built(node)
        if value is None:
            return None
        if name in _MAPS and self.profile.is_v17:
            if not isinstance(value, str):
                raise self.error(
                    f"{name} is not a string", node, 'a v1.7 string such as "nodefs.available<5%"'
                )
            return value
        if name in (*_MAPS, "kubeReserved", "systemReserved"):
            if not isinstance(node, yaml.MappingNode):
                raise self.error(f"{name} is not a map", node, f'{name}: {{"nodefs.available": "5%"}}')
            return {key.value: self.string(name, key, entry) for key, entry in self.entries(node)}
        kinds: dict[str, type] = {
            "evictionMaxPodGracePeriod": int,
            "imageGCHighThresholdPercent": int,
            "imageGCLowThresholdPercent": int,
            "mergeDefaultEvictionSettings": bool,
            "enforceNodeAllocatable": list,
            "evictionPressureTransitionPeriod": str,
            "featureGates": dict,
        }
        kind = kinds[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(f"{name} is not a {_KINDS[kind]}", node, f"a {_KINDS[kind]}")
        return value

    def entries(self, node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise self.error(f'key "{key.value}" already set in map', key, "each signal once")
            seen.add(key.value)
        return list(node.value)

    def string(self, name: str, key: yaml.Node, node: yaml.Node) -> str:
        """A map's value, which must be a string: YAML's 5 is a number, its 10% and 100Mi are strings."""
        value = self.built(node)
        if not isinstance(value, str):
            raise self.error(
                f"json: cannot unmarshal {_json_kind(value)} into Go struct field "
                f"KubeletConfiguration.{name} of type string",
                node,
                f'a string: {key.value}: "{node.value}"',
            )
        return value

    def built(self, node: yaml.Node) -> Any:
        constructor = yaml.SafeLoader("")
        try:
            return constructor.construct_document(node)
        except yaml.YAMLError as error:
            raise self.error(f"not YAML: {error}", node, "a plain value") from None
        finally:
            constructor.dispose()

    def error(self, message: str, node: yaml.Node, expected: str) -> InputError:
        mark = node.start_mark
        width = node.end_mark.column - mark.column if node.end_mark.line == mark.line else 1
        return InputError(
            message,
            source=self.source,
            line=mark.line + 1,
            text=self.lines[mark.line] if mark.line < len(self.lines) else "",
            column=mark.column,
            width=max(1, width),
            expected=expected,
        )


_KINDS: Final = {int: "whole number", bool: "true or false", list: "list", str: "string", dict: "map"}


def _json_kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "null" if value is None else "array" if isinstance(value, list) else "object"


_READERS: Final[dict[str, Callable[[str, str, Profile], tuple[list[Item], list[str]]]]] = {
    "flags": _read_flags,
    "dump": _read_dump,
    "config": read_config,
    "environment": _read_environment,
}
