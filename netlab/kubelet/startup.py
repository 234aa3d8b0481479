"""The line in which a v1.7 kubelet tells its hard eviction thresholds at start-up.

It comes from a second parse of the hard flag alone, so it shows neither soft nor allocatable thresholds.
``godump`` reads it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from netlab.kubelet.duration import format_duration
from netlab.kubelet.klog import LogLine, go_float32
from netlab.kubelet.model import Threshold, ThresholdValue

_BEFORE: Final = (
    "Creating Container Manager object based on Node Config: {RuntimeCgroupsName: SystemCgroupsName: "
    "KubeletCgroupsName: ContainerRuntime:docker CgroupsPerQOS:true CgroupRoot:/ CgroupDriver:cgroupfs "
    "ProtectKernelDefaults:false NodeAllocatableConfig:{KubeReservedCgroupName: SystemReservedCgroupName: "
    "EnforceNodeAllocatable:map[pods:{}] KubeReserved:map[] SystemReserved:map[] HardEvictionThresholds:"
)
_AFTER: Final = "} ExperimentalQOSReserved:map[]}"


def node_config_line(hard: Iterable[Threshold]) -> LogLine:
    """The whole line, for a kubelet with Docker and no reservations, as kubeadm set it up.

    >>> node_config_line([]).message.endswith("HardEvictionThresholds:[]} ExperimentalQOSReserved:map[]}")
    True
    """
    return LogLine(
        kind="node config",
        severity="I",
        verbosity=0,
        file="container_manager_linux.go",
        line=251,
        message=f"{_BEFORE}{hard_dump(hard)}{_AFTER}",
    )


def hard_dump(hard: Iterable[Threshold]) -> str:
    """Thresholds as Go's ``%+v`` prints the list.

    >>> from netlab.kubelet.profile import V17
    >>> from netlab.kubelet.thresholds import parse_threshold_config
    >>> print(hard_dump(parse_threshold_config(V17, hard="nodefs.available<5%", enforce=()))[:70])
    [{Signal:nodefs.available Operator:LessThan Value:{Quantity:<nil> Perc
    """
    return "[" + " ".join(_one(t) for t in hard) + "]"


def _one(threshold: Threshold) -> str:
    reclaim = "<nil>" if threshold.min_reclaim is None else f"&{_value(threshold.min_reclaim)}"
    return (
        f"{{Signal:{threshold.signal} Operator:{threshold.op} Value:{_value(threshold.value)} "
        f"GracePeriod:{format_duration(threshold.grace)} MinReclaim:{reclaim}}}"
    )


def _value(value: ThresholdValue) -> str:
    quantity = "<nil>" if value.quantity is None else str(value.quantity)
    return f"{{Quantity:{quantity} Percentage:{go_float32(value.percentage)}}}"
