"""Rehearsals: a script played through the acts of the live room on a virtual clock (ROOM.md 4).

The script is read and checked whole before anything happens; then a practice meeting is made,
played and deleted. It is how facilitators practise and how the rules are checked.
"""

from assemblies.records.rehearsal.play import Report, at_path, holds, rehearse
from assemblies.records.rehearsal.script import Script, read_script

__all__ = ["Report", "Script", "at_path", "holds", "read_script", "rehearse"]
