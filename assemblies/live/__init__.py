"""The room: a meeting seen live. The only asynchronous code of the project."""
