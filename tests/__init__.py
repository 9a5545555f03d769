"""The tests, mirroring the source: rules, services, the door, the room, the pages, browsers."""
