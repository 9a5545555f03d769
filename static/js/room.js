"use strict";
// The room comes alive: the page as printed is painted once, then the socket brings what changes.
{
  // Nobody scrolls a wall: what does not fit, long names and long titles, is shown a little smaller.
  room.fit = () => {
    if (room.page.surface !== "wall") return;
    const root = document.documentElement;
    root.style.fontSize = "";
    const whole = parseFloat(getComputedStyle(root).fontSize);
    for (let part = 97; part >= 55 && root.scrollHeight > innerHeight + 1; part -= 3) root.style.fontSize = `${(whole * part) / 100}px`;
  };
  addEventListener("resize", room.fit);

  document.documentElement.classList.add("js");
  room.panels.paint(true);
  room.acts.resend();
  room.socket.connect();
}
