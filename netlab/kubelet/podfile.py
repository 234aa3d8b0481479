"""Pods out of ``kubectl get pods -o json`` (or YAML): what the eviction manager reads of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml

from netlab.errors import InputError
from netlab.kubelet.fields import Fields, load_json
from netlab.kubelet.model import Container, Pod, Toleration, Volume
from netlab.kubelet.quantity import Quantity, QuantityError, parse_quantity

_SOURCE: Final = "kubernetes.io/config.source"
_MIRROR: Final = "kubernetes.io/config.mirror"
_EXPECTED: Final = "a Pod, or a List of Pods, as kubectl get pods -o json prints it"


def read_pods(text: str, *, source: str = "pods.json") -> list[Pod]:
    """The pods of a List, a PodList or a single Pod.

    A pod from a file or URL (annotation kubernetes.io/config.source) is static; its copy in the API server
    carries kubernetes.io/config.mirror. Raises InputError for anything but pods.

    >>> read_pods('{"kind": "Pod", "metadata": {"name": "web"}, "spec": {"priority": 5}}')[0].priority
    5
    """
    if text.lstrip().startswith("{"):
        data: Any = load_json(text, source, _EXPECTED)
    else:
        try:
            data = yaml.safe_load(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else None
            raise InputError(f"not YAML: {error}", source=source, line=line, expected=_EXPECTED) from None
    if not isinstance(data, Mapping):
        raise InputError("no pods here", source=source, line=1, expected=_EXPECTED)
    whole = Fields(data, "", source)
    pods = []
    for item in whole.children("items") if whole.has("items") else [whole]:
        kind = item.word("kind", "Pod")
        if kind != "Pod" or not item.has("spec"):
            what = kind if kind != "Pod" else item.path or "what is here"
            raise InputError(f"{what} is not a Pod", source=source, expected=_EXPECTED)
        pods.append(pod_from(item))
    return pods


def pod_from(item: Fields) -> Pod:
    """One pod of the API.

    >>> pod_from(Fields({"metadata": {"name": "a", "annotations": {"kubernetes.io/config.source": "file"}}},
    ...                 "", "pod.json")).static
    True
    """
    metadata, spec = item.child("metadata"), item.child("spec")
    annotations = metadata.words("annotations")
    name = metadata.word("name")
    where = f"{item.source}: pod {name}"
    return Pod(
        name=name,
        namespace=metadata.word("namespace") or "default",
        uid=metadata.word("uid"),
        containers=tuple(_container(c, where) for c in spec.children("containers")),
        init_containers=tuple(_container(c, where) for c in spec.children("initContainers")),
        overhead=_amounts(spec, "overhead", where),
        resources=_container(spec, where) if spec.has("resources") else None,
        priority=spec.integer("priority"),
        static=annotations.get(_SOURCE, "api") != "api",
        mirror=_MIRROR in annotations,
        annotations=annotations,
        tolerations=tuple(
            Toleration(
                key=t.word("key"),
                operator=t.word("operator") or "Equal",
                value=t.word("value"),
                effect=t.word("effect"),
            )
            for t in spec.children("tolerations")
        ),
        termination_grace_seconds=spec.integer("terminationGracePeriodSeconds"),
        volumes=tuple(_volume(v, where) for v in spec.children("volumes")),
        phase=item.child("status").word("phase") or "Running",
    )


def _container(entry: Fields, where: str) -> Container:
    resources = entry.child("resources")
    return Container(
        name=entry.word("name"),
        requests=_amounts(resources, "requests", where),
        limits=_amounts(resources, "limits", where),
        restart_always=entry.word("restartPolicy") == "Always",
    )


def _amounts(place: Fields, name: str, where: str) -> dict[str, Quantity]:
    return {resource: _quantity(text, f"{where}: {resource}") for resource, text in place.words(name).items()}


def _quantity(text: str, where: str) -> Quantity:
    try:
        return parse_quantity(text)
    except QuantityError as error:
        error.source = where
        raise


def _volume(entry: Fields, where: str) -> Volume:
    name = entry.word("name")
    kind = next((key for key in entry.value if key != "name"), "emptyDir")
    if kind != "emptyDir":
        return Volume(name=name, kind=kind)
    details = entry.child(kind)
    limit = details.value.get("sizeLimit")
    return Volume(
        name=name,
        kind=kind,
        medium=details.word("medium"),
        size_limit=None if limit is None else _quantity(str(limit), f"{where}: volume {name}"),
    )
