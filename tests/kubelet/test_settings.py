"""All sources to one settings object: layers, what a map replaces, what is lost, refusals with their place."""

from __future__ import annotations

import json

import pytest

from netlab import data
from netlab.errors import InputError
from netlab.kubelet.config import kind_of, read_settings
from netlab.kubelet.duration import MINUTE, SECOND
from netlab.kubelet.profile import CURRENT, V17, Profile, profile
from netlab.kubelet.settings import KubeletSettings
from netlab.kubelet.thresholds import ThresholdError, default_hard

YAML = """\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
evictionHard:
  memory.available: "200Mi"
  nodefs.available: 0%
evictionSoft:
  nodefs.available: 15%
evictionSoftGracePeriod: {nodefs.available: 1m30s}
evictionMinimumReclaim: {"memory.available": "50Mi"}
evictionMaxPodGracePeriod: 60
evictionPressureTransitionPeriod: 30s
imageGCHighThresholdPercent: 90
kubeReserved: {memory: 1Gi}
featureGates: {KubeletSeparateDiskGC: false}
"""


def shown(settings: KubeletSettings) -> list[str]:
    return [str(t) for t in settings.thresholds]


def test_defaults() -> None:
    settings = read_settings([("flags", "kubelet --v=2")])
    assert shown(settings) == [f"{s}<{v}" for s, v in default_hard((1, 34)).items()] + [
        "allocatableMemory.available<100Mi"
    ]
    assert settings.transition_period == 5 * MINUTE
    assert (settings.image_gc_high, settings.image_gc_low) == (85, 80)
    assert settings.lost == ()
    assert {e.why for e in settings.effective} == {
        "default of v1.34",
        "copy of the hard memory.available, because pods is in enforceNodeAllocatable",
    }


def test_a_configuration_file() -> None:
    settings = read_settings([("kubelet.yaml", YAML)])
    assert shown(settings) == [
        "memory.available<200Mi, reclaim at least 50Mi",
        "nodefs.available<15% for 1m30s",
        "allocatableMemory.available<200Mi, reclaim at least 50Mi",
    ]
    assert settings.max_pod_grace_seconds == 60
    assert settings.transition_period == 30 * SECOND
    assert settings.image_gc_high == 90
    assert settings.feature_gates == {"KubeletSeparateDiskGC": False}
    assert str(settings.kube_reserved["memory"]) == "1Gi"
    lost = {entry.signal: entry.why for entry in settings.lost}
    assert list(lost) == ["nodefs.available", "nodefs.inodesFree", "imagefs.available", "imagefs.inodesFree"]
    assert lost["nodefs.available"] == "0% means no threshold"
    assert "kubelet.yaml:3" in lost["nodefs.inodesFree"]


def test_json_and_configz_read_alike() -> None:
    config = {"evictionHard": {"imagefs.available": "15%"}, "evictionPressureTransitionPeriod": "5m0s"}
    plain = read_settings([("a.json", json.dumps({"kind": "KubeletConfiguration", **config}))])
    configz = read_settings([("configz", json.dumps({"kubeletconfig": config}, indent="\t"))])
    assert shown(plain) == shown(configz) == ["imagefs.available<15%"]
    assert configz.items[0].via == "configz"


def test_a_bare_map_is_a_configuration() -> None:
    assert shown(read_settings([("a", "evictionHard: {nodefs.available: 1Gi}")])) == ["nodefs.available<1Gi"]


def test_other_documents_and_config_maps() -> None:
    kubeadm = "kind: ClusterConfiguration\nkubernetesVersion: v1.33.0\n---\n" + YAML
    assert shown(read_settings([("kubeadm.yaml", kubeadm)])) == shown(read_settings([("a", YAML)]))
    inner = "".join(f"    {line}\n" for line in YAML.splitlines())
    config_map = f"kind: ConfigMap\ndata:\n  kubelet: |\n{inner}"
    assert shown(read_settings([("cm.yaml", config_map)])) == shown(read_settings([("a", YAML)]))


def test_a_flag_replaces_the_whole_map_and_several_flags_add_up() -> None:
    flags = "kubelet --eviction-hard=nodefs.available<5% --eviction-hard=imagefs.available<1Gi,nodefs.available<6%"
    for order in ([("a", YAML), ("b", flags)], [("b", flags), ("a", YAML)]):
        settings = read_settings(order)
        assert shown(settings) == [
            "nodefs.available<6%",
            "imagefs.available<1Gi",
            "nodefs.available<15% for 1m30s",
        ]
    assert "memory.available" in {entry.signal for entry in settings.lost}
    assert "allocatableMemory.available" in {entry.signal for entry in settings.lost}


def test_v17_flags_are_strings_and_the_last_one_counts() -> None:
    flags = "kubelet --eviction-hard=memory.available<1Gi --eviction-hard=nodefs.available<5%"
    assert shown(read_settings([("a", flags)], V17)) == [
        "allocatableMemory.available<0",
        "allocatableNodeFs.available<0",
        "nodefs.available<5%",
    ]


@pytest.mark.parametrize("line", [V17, CURRENT], ids=str)
def test_an_empty_flag_switches_hard_eviction_off(line: Profile) -> None:
    settings = read_settings([("a", "kubelet --eviction-hard=")], line)
    assert settings.hard_thresholds == ()
    assert all("switches hard eviction off" in x.why for x in settings.lost if "allocatable" not in x.signal)


def test_an_empty_map_switches_off_and_null_does_not() -> None:
    assert read_settings([("a", "kind: KubeletConfiguration\nevictionHard: {}")]).hard_thresholds == ()
    assert len(read_settings([("a", "kind: KubeletConfiguration\nevictionHard:")]).hard_thresholds) == 5


def test_merging_defaults_acts_on_the_file_and_flags_still_replace() -> None:
    merged = YAML + "mergeDefaultEvictionSettings: true\n"
    settings = read_settings([("a", merged)])
    assert {t.signal for t in settings.hard_thresholds} == {
        "memory.available",
        "nodefs.inodesFree",
        "imagefs.available",
        "imagefs.inodesFree",
    }
    kept = [e for e in settings.effective if "kept by merge" in e.why]
    assert [e.threshold.signal for e in kept] == [
        "nodefs.inodesFree",
        "imagefs.available",
        "imagefs.inodesFree",
    ]
    flagged = read_settings([("a", merged), ("b", "--eviction-hard=nodefs.available<5%")])
    assert [t.signal for t in flagged.hard_thresholds] == ["nodefs.available"]
    with pytest.raises(InputError, match="unknown field"):
        read_settings([("a", merged)], profile("v1.32"))


def test_a_zero_transition_period_differs_between_file_and_flag() -> None:
    file = "kind: KubeletConfiguration\nevictionPressureTransitionPeriod: 0s"
    assert read_settings([("a", file)]).transition_period == 5 * MINUTE
    assert read_settings([("a", "--eviction-pressure-transition-period=0s")]).transition_period == 0


def test_enforcement() -> None:
    none = read_settings([("a", "--enforce-node-allocatable=none")])
    assert [t.signal for t in none.thresholds if t.signal.startswith("allocatable")] == []
    assert read_settings([("a", "--enforce-node-allocatable=")], V17).enforce == ()


def test_the_incident_before_and_after() -> None:
    def settings(name: str) -> KubeletSettings:
        return read_settings([(n, data.article(n)) for n in ("kubelet.service", name)], V17)

    before, after = settings("10-kubeadm-before.conf"), settings("10-kubeadm-after.conf")
    assert before.lost == ()
    assert [entry.signal for entry in after.lost] == ["memory.available", "nodefs.inodesFree"]
    # what the kubelet logged of either
    for unit, log in ((before, "kubelet-log-start.txt"), (after, "kubelet-log-restart.txt")):
        logged = read_settings([(log, data.article(log))], V17)
        assert logged.hard_thresholds == unit.hard_thresholds
        assert "hard thresholds only" in logged.notes[0]


def test_the_file_that_config_names() -> None:
    flags = ("ps", "root 1 0 0 10:25 ? 00:00:01 /usr/bin/kubelet --config=/var/lib/kubelet/config.yaml")
    assert "not at hand" in read_settings([flags]).notes[0]
    assert read_settings([flags, ("config.yaml", YAML)]).notes == ()
    there = read_settings([flags], files={"/var/lib/kubelet/config.yaml": YAML})
    assert shown(there) == shown(read_settings([("a", YAML)]))


def test_reasons_for_zero_grace_and_soft() -> None:
    settings = read_settings(
        [("a", "--eviction-soft=memory.available<1Gi --eviction-soft-grace-period=memory.available=0")]
    )
    why = {str(e.threshold): e.why for e in settings.effective}
    assert "grace period of zero makes it hard" in why["memory.available<1Gi"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (YAML, "config"),
        ('{"kubeletconfig":{}}', "config"),
        ("evictionHard: {}", "config"),
        ("[Service]\nExecStart=/usr/bin/kubelet", "unit"),
        ("--eviction-hard=a<1", "flags"),
        ("Signal:a Operator:LessThan", "dump"),
    ],
)
def test_what_a_text_is(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            '"200Mi"',
            "200",
            4,
            "cannot unmarshal number into Go struct field KubeletConfiguration.evictionHard",
        ),
        ('"200Mi"', "200MB", 4, "quantities must match"),
        ("nodefs.available: 0%", "nodefs.availabel: 5%", 5, "unsupported eviction signal nodefs.availabel"),
        ("nodefs.available: 15%", "nodefs.available: 150%", 7, "must be <= 100%: 150%"),
        ("1m30s", "90", 8, "cannot unmarshal number"),
        ("1m30s", '"90"', 8, 'missing unit in duration "90"'),
        ('"50Mi"', '"-50Mi"', 9, "negative eviction minimum reclaim"),
        ("evictionSoft:", "evictionsoft:", 6, 'unknown field "evictionsoft"'),
        ("evictionMaxPodGracePeriod: 60", "evictionMaxPodGracePeriod: sixty", 10, "is not a whole number"),
        ("Period: 30s", "Period: 30x", 11, "unknown unit"),
        ("imageGCHighThresholdPercent", "evictionHard", 12, "already set in map"),
        ("kubeReserved: {memory: 1Gi}", "kubeReserved: {memory: 1Q}", 13, "memory: "),
        ("kubeReserved: {memory: 1Gi}", "kubeReserved: 5", 13, "is not a map"),
        ("  nodefs.available: 0%", "  memory.available: 5%", 5, "already set in map"),
        ("evictionMaxPodGracePeriod: 60", "evictionMaxPodGracePeriod: [", 12, "not YAML"),
    ],
)
def test_a_refusal_names_the_line_and_shows_it(old: str, new: str, line: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_settings([("kubelet.yaml", YAML.replace(old, new, 1))])
    assert message in str(caught.value)
    assert (caught.value.source, caught.value.line) == ("kubelet.yaml", line)
    assert "^" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("--eviction-hard=nodefs.available", "malformed pair, expect string<string"),
        ("--eviction-hard=foo<1", "unsupported eviction signal foo"),
        ("--eviction-soft=nodefs.available<5%", "grace period must be specified"),
        ("--eviction-max-pod-grace-period=x", "is not a whole number"),
        ("--eviction-pressure-transition-period=5", "missing unit"),
        ("--kube-reserved=memory", "malformed pair, expect string=string"),
    ],
)
def test_refusals_of_flags_point_into_the_line(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_settings([("ps.txt", f"root 1 0 0 10:25 ? 00:00:01 /usr/bin/kubelet -v=2 {text}")])
    assert message in str(caught.value)
    assert (caught.value.source, caught.value.line) == ("ps.txt", 1)
    assert "^" in str(caught.value)


@pytest.mark.parametrize("junk", ["hello world", "", "kind: Pod\nspec: {}", "{", "{]", "- a\n- b\nkind: x"])
def test_junk_is_an_input_error_with_a_hint(junk: str) -> None:
    with pytest.raises(InputError) as caught:
        read_settings([("junk.txt", junk)])
    assert caught.value.expected


def test_a_threshold_error_is_both_a_value_error_and_the_kubelets_words() -> None:
    with pytest.raises(ValueError, match="must be positive: 0") as caught:
        read_settings([("a", "--eviction-hard=memory.available<0")])
    assert isinstance(caught.value, ThresholdError)


def test_settings_show_what_is_in_force_and_what_is_gone() -> None:
    settings = read_settings([("<b>", "--eviction-hard=nodefs.available<5%")], V17)
    assert "nodefs.available<5%" in str(settings)
    assert "(gone) memory.available<100Mi" in str(settings)
    assert "<b>" not in settings._repr_html_()
    assert "&lt;b&gt;:1" in settings._repr_html_()


def test_several_kubelets_in_one_paste() -> None:
    text = "kubelet --eviction-hard=nodefs.available<5%\nkubelet --eviction-hard=nodefs.available<6%"
    settings = read_settings([("ps", text)])
    assert settings.notes == ("ps: 2 kubelet command lines, the last one is used",)
    assert "nodefs.available<6%" in shown(settings)


def test_ignoring_eviction_in_allocatable() -> None:
    settings = read_settings([("ps", "kubelet --experimental-allocatable-ignore-eviction")], V17)
    assert settings.hard_thresholds == ()
    assert "memory.available<100Mi" in shown(settings)


def test_pair_flags_add_up() -> None:
    settings = read_settings(
        [
            (
                "ps",
                "kubelet --kube-reserved=memory=1Gi,,cpu=100m --kube-reserved=memory=2Gi --feature-gates=A=true,B=false",
            )
        ]
    )
    assert {k: str(v) for k, v in settings.kube_reserved.items()} == {"memory": "2Gi", "cpu": "100m"}
    assert settings.feature_gates == {"A": True, "B": False}


def test_v17_configz_has_strings() -> None:
    text = json.dumps({"componentconfig": {"evictionHard": "nodefs.available<5%"}})
    assert "nodefs.available<5%" in shown(read_settings([("configz", text)], V17))
    with pytest.raises(InputError, match="evictionHard is not a string"):
        read_settings([("configz", json.dumps({"componentconfig": {"evictionHard": {"a": "1"}}}))], V17)


def test_a_config_map_without_a_kubelet_is_no_configuration() -> None:
    with pytest.raises(InputError, match="only ConfigMap"):
        read_settings([("cm.yaml", "kind: ConfigMap\ndata:\n  other: x\n")])


@pytest.mark.parametrize(
    ("value", "kind"),
    [("true", "bool"), ("null", "null"), ("[1]", "array"), ("{a: 1}", "object"), ("1.5", "number")],
)
def test_values_of_maps_are_strings(value: str, kind: str) -> None:
    with pytest.raises(InputError, match=f"cannot unmarshal {kind} into Go struct field"):
        read_settings([("k", f"kind: KubeletConfiguration\nevictionHard: {{nodefs.available: {value}}}")])


@pytest.mark.parametrize("text", ["kind: KubeletConfiguration\nevictionHard: !!python/none x", "kind: \x07"])
def test_odd_yaml(text: str) -> None:
    with pytest.raises(InputError, match="not YAML"):
        read_settings([("k", text)])


def test_a_dump_without_thresholds_to_read() -> None:
    with pytest.raises(InputError, match="no list of thresholds"):
        read_settings([("k", "HardEvictionThresholds and no more")])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{[1]: 2}", 1),
        ("kind: KubeletConfiguration\nevictionHard: {{a: 1}: 2}", 2),
        ("evictionHard:\n- [b]: c", 2),
    ],
)
def test_keys_are_words(text: str, line: int) -> None:
    with pytest.raises(InputError, match="a key that is not a word") as caught:
        read_settings([("k", text)])
    assert caught.value.line == line


def test_yaml_that_holds_itself() -> None:
    with pytest.raises(InputError):
        read_settings([("k", "evictionHard: &a {b: *a}")])


def test_a_value_that_was_trimmed_is_shown_as_read() -> None:
    with pytest.raises(InputError, match="unsupported eviction signal foo") as caught:
        read_settings([("ps", "kubelet '--eviction-hard=foo < 3'")])
    assert (caught.value.source, caught.value.line, caught.value.text) == ("ps", 1, "foo<3")


KUBEADM_ENV = """\
# made by kubeadm
KUBELET_KUBEADM_ARGS="--node-ip=10.0.0.1 --eviction-hard=nodefs.available<5%"
OTHER=--v=9
"""
KUBEADM_UNIT = (
    "[Service]\nEnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env\nEnvironmentFile=-/etc/default/kubelet\n"
    "ExecStart=/usr/bin/kubelet $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS\n"
)


def test_an_environment_file_alone_is_read_as_flags() -> None:
    settings = read_settings([("kubeadm-flags.env", KUBEADM_ENV)])
    assert shown(settings) == ["nodefs.available<5%"]
    item = settings.item("evictionHard")
    assert item is not None
    assert (item.source, item.line) == ("kubeadm-flags.env", 2)
    assert "whether the unit uses them is unknown" in settings.notes[0]


@pytest.mark.parametrize("name", ["kubeadm-flags.env", "/var/lib/kubelet/kubeadm-flags.env"])
def test_an_environment_file_beside_its_unit(name: str) -> None:
    settings = read_settings([("kubelet.service", KUBEADM_UNIT), (name, KUBEADM_ENV)])
    assert shown(settings) == ["nodefs.available<5%"]
    assert [n for n in settings.notes if "unknown" in n] == [
        "kubelet.service:3: EnvironmentFile=-/etc/default/kubelet is not at hand, what it sets is unknown"
    ]


def test_an_environment_file_that_the_unit_does_not_name_sets_nothing() -> None:
    unit = "[Service]\nExecStart=/usr/bin/kubelet $KUBELET_KUBEADM_ARGS\n"
    settings = read_settings([("kubelet.service", unit), ("kubeadm-flags.env", KUBEADM_ENV)])
    assert settings.hard is None
    assert "no unit names this environment file" in settings.notes[0]


def test_line_numbers_inside_a_config_map_are_the_files() -> None:
    text = "kind: ConfigMap\ndata:\n  kubelet: |\n    kind: KubeletConfiguration\n\n    evictionHard:\n      {}: 5%\n"
    item = read_settings([("cm.yaml", text.format("nodefs.available"))]).item("evictionHard")
    assert item is not None
    assert str(item) == "cm.yaml:6"
    with pytest.raises(ThresholdError) as caught:
        read_settings([("cm.yaml", text.format("nodefs.avail"))])
    assert (caught.value.source, caught.value.line) == ("cm.yaml", 7)


def test_a_config_map_in_json_counts_its_own_lines() -> None:
    inner = "kind: KubeletConfiguration\nevictionHard:\n  nodefs.avail: 5%\n"
    with pytest.raises(ThresholdError) as caught:
        read_settings([("cm.json", json.dumps({"kind": "ConfigMap", "data": {"kubelet": inner}}))])
    assert (caught.value.source, caught.value.line) == ("cm.json (ConfigMap)", 3)


def test_one_text_needs_no_name() -> None:
    flags = "kubelet --eviction-hard=nodefs.available<5%"
    assert shown(read_settings(flags)) == shown(read_settings([("ps", flags)]))


def test_a_flag_after_merged_defaults_is_the_reason() -> None:
    merged = "kind: KubeletConfiguration\nmergeDefaultEvictionSettings: true\nevictionHard: {nodefs.available: 5%}\n"
    flag = "kubelet --eviction-hard=memory.available<1Gi"
    settings = read_settings([("c.yaml", merged), ("ps", flag)])
    assert settings.merged_defaults == ()
    first = settings.effective[0]
    assert (str(first.threshold), first.why) == ("memory.available<1Gi", "set by ps:1")
