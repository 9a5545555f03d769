"""Assemblies have short names in a script and keys in the room: one is turned into the other."""

from collections.abc import Mapping
from typing import Any

from assemblies.door.house import house


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """Return a JSON value with other names: in texts, elements of lists, keys and values."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, Mapping):
        return {names.get(key, key): renamed(one, names) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [renamed(one, names) for one in value]
    return value


def with_keys(args: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """Return arguments of an act in which assemblies are named by their keys."""
    return {
        name: renamed(value, keys) if name in house().all("assembly_arguments") else value
        for name, value in args.items()
    }


def with_names(state: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """Return a state in which assemblies are named as the script names them."""
    if not keys:
        return dict(state)
    told: dict[str, Any] = renamed(state, {key: name for name, key in keys.items()})
    return told
