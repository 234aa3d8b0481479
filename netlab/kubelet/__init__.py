"""Node-pressure eviction as the kubelet does it: its arithmetic, its settings, its manager, its words.

Two kubelet lines are known, ``V17`` (the v1.7 of the article) and ``CURRENT`` (v1.31 and later).
"""

from netlab.kubelet.admission import Admission, admit
from netlab.kubelet.conditions import Event, NodeCondition, taints
from netlab.kubelet.config import read_settings
from netlab.kubelet.derived import allocatable, hard_reservation, with_allocatable, with_containerfs
from netlab.kubelet.describe import NodeDescription, read_description
from netlab.kubelet.df import DfTable, explain_use_percent, parse_df
from netlab.kubelet.duration import format_duration, parse_duration
from netlab.kubelet.effective import pod_limit, pod_request
from netlab.kubelet.evaluate import Comparison, compare, thresholds_met
from netlab.kubelet.evict import Given, judge
from netlab.kubelet.free import FreeMemory, parse_free
from netlab.kubelet.history import History, Phase
from netlab.kubelet.incident import Incident, article_incident
from netlab.kubelet.interval import Interval
from netlab.kubelet.klog import LogLine, line_of
from netlab.kubelet.limits import over_limit
from netlab.kubelet.logs import KubeletLog, read_log
from netlab.kubelet.manager import synchronize
from netlab.kubelet.messages import eviction_message, refusal_message
from netlab.kubelet.model import (
    Container,
    ContainerStats,
    DiskUse,
    FsLayout,
    Observation,
    Pod,
    PodStats,
    Threshold,
    ThresholdValue,
    Toleration,
    Volume,
)
from netlab.kubelet.observations import Observed, read_summary
from netlab.kubelet.podfile import read_pods
from netlab.kubelet.profile import CURRENT, V17, Profile
from netlab.kubelet.profile import profile as profile_of
from netlab.kubelet.qos import exempt_reason, qos_class
from netlab.kubelet.quantity import Family, Quantity, parse_quantity
from netlab.kubelet.ranking import Ranked, rank
from netlab.kubelet.readings import DiskReadings, Placement, Reading, reading_from_free, readings_from_df
from netlab.kubelet.reclaim import Reclaimed, actions_for, image_gc
from netlab.kubelet.report import Figures, Report
from netlab.kubelet.script import Burst, Grow, Restart, Start, Stop
from netlab.kubelet.sentences import EvictionMessage, read_message
from netlab.kubelet.settings import KubeletSettings
from netlab.kubelet.signals import SIGNALS, Signal
from netlab.kubelet.simulation import simulate
from netlab.kubelet.startup import hard_dump, node_config_line
from netlab.kubelet.state import Decision, Eviction, Inputs, ManagerConfig, ManagerState, Pass, Stats
from netlab.kubelet.sweeps import Sweep, passes_to_met, seconds_to_met, sweep
from netlab.kubelet.thresholds import default_hard, parse_threshold_config
from netlab.kubelet.timeline import Timeline, timeline_of
from netlab.kubelet.world import Disk, Node, Workload

__all__ = [
    "CURRENT",
    "SIGNALS",
    "V17",
    "Admission",
    "Burst",
    "Comparison",
    "Container",
    "ContainerStats",
    "Decision",
    "DfTable",
    "Disk",
    "DiskReadings",
    "DiskUse",
    "Event",
    "Eviction",
    "EvictionMessage",
    "Family",
    "Figures",
    "FreeMemory",
    "FsLayout",
    "Given",
    "Grow",
    "History",
    "Incident",
    "Inputs",
    "Interval",
    "KubeletLog",
    "KubeletSettings",
    "LogLine",
    "ManagerConfig",
    "ManagerState",
    "Node",
    "NodeCondition",
    "NodeDescription",
    "Observation",
    "Observed",
    "Pass",
    "Phase",
    "Placement",
    "Pod",
    "PodStats",
    "Profile",
    "Quantity",
    "Ranked",
    "Reading",
    "Reclaimed",
    "Report",
    "Restart",
    "Signal",
    "Start",
    "Stats",
    "Stop",
    "Sweep",
    "Threshold",
    "ThresholdValue",
    "Timeline",
    "Toleration",
    "Volume",
    "Workload",
    "actions_for",
    "admit",
    "allocatable",
    "article_incident",
    "compare",
    "default_hard",
    "eviction_message",
    "exempt_reason",
    "explain_use_percent",
    "format_duration",
    "hard_dump",
    "hard_reservation",
    "image_gc",
    "judge",
    "line_of",
    "node_config_line",
    "over_limit",
    "parse_df",
    "parse_duration",
    "parse_free",
    "parse_quantity",
    "parse_threshold_config",
    "passes_to_met",
    "pod_limit",
    "pod_request",
    "profile_of",
    "qos_class",
    "rank",
    "read_description",
    "read_log",
    "read_message",
    "read_pods",
    "read_settings",
    "read_summary",
    "reading_from_free",
    "readings_from_df",
    "refusal_message",
    "seconds_to_met",
    "simulate",
    "sweep",
    "synchronize",
    "taints",
    "thresholds_met",
    "timeline_of",
    "with_allocatable",
    "with_containerfs",
]
