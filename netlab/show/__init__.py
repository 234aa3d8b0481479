"""Pictures and tables: every one has a text twin and a description made from the same object."""

from netlab.show.bridge import bridge_map, decision_of, forwarding_table, port_table
from netlab.show.chart import Chart
from netlab.show.compare import compare_journeys, compare_logs
from netlab.show.conntrack import change_table, conntrack_table
from netlab.show.eviction import Recording, eviction_timeline, record_eviction, threshold_bars
from netlab.show.gauge import Gauge, disk_gauge
from netlab.show.graph import Edge, Graph, Node
from netlab.show.hops import hop_table
from netlab.show.packetmap import packet_map
from netlab.show.parting import Parting, first_parting
from netlab.show.sending import Sent, send_packet
from netlab.show.table import Table
from netlab.show.tablesteps import KernelTables, kernel_tables, table_changes
from netlab.show.topology import topology
from netlab.show.twomaps import TwoMaps, two_maps, two_runs
from netlab.show.why import WhyNot, why_not

__all__ = [
    "Chart",
    "Edge",
    "Gauge",
    "Graph",
    "KernelTables",
    "Node",
    "Parting",
    "Recording",
    "Sent",
    "Table",
    "TwoMaps",
    "WhyNot",
    "bridge_map",
    "change_table",
    "compare_journeys",
    "compare_logs",
    "conntrack_table",
    "decision_of",
    "disk_gauge",
    "eviction_timeline",
    "first_parting",
    "forwarding_table",
    "hop_table",
    "kernel_tables",
    "packet_map",
    "port_table",
    "record_eviction",
    "send_packet",
    "table_changes",
    "threshold_bars",
    "topology",
    "two_maps",
    "two_runs",
    "why_not",
]
