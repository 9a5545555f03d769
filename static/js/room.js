"use strict";
// The room comes alive: the page as printed is painted once, then the socket brings what changes.
document.documentElement.classList.add("js");
room.panels.paint(true);
room.acts.resend();
room.socket.connect();
