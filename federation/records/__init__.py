"""Records of councils: log, map, rehearsal scripts, demo, deletion."""
