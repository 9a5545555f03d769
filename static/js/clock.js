"use strict";
// The server's time, and everything on the page that ticks by it.
{
  let offset = Number(room.page.now || Date.now()) - Date.now();
  const samples = [];

  // A frame was always made a little before it arrived: the largest difference is the truest.
  const heard = (at) => {
    if (!Number.isFinite(at)) return;
    samples.push(at - Date.now());
    if (samples.length > 12) samples.shift();
    offset = Math.max(...samples);
  };
  const forget = () => { samples.length = 0; };
  const now = () => Date.now() + offset;

  const digits = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const put = (node, text) => { if (node && node.textContent !== text) node.textContent = text; };

  // For ears there are whole minutes only, so that nobody hears seconds pass.
  const spoken = (left) => {
    if (left <= 0) return room.words("over");
    if (left < 60) return room.words("minute_left");
    return room.words("minutes_left", { n: Math.ceil(left / 60) });
  };

  // Nobody is cut off: the clock of a turn changes calmly when 30 s and 10 s are left, and at 0.
  const stage = (clock, left) => {
    if (left <= 0) return "over";
    if (!clock.classList.contains("turn") || left > 30) return "";
    return left <= 10 ? "last" : Number(clock.dataset.seconds) >= 60 ? "soon" : "";
  };
  const warn = (clock, name) => {
    const line = document.querySelector("#floor .warn"), words = line?.dataset[name] || "";
    if (line) { put(line, words); line.hidden = !words; }
    room.mine?.time(words);
  };

  const tick = () => {
    for (const clock of document.querySelectorAll(".clock[data-since], .clock[data-spoken]")) {
      const stands = clock.dataset.since === undefined;
      const spoken = stands ? Number(clock.dataset.spoken) : Math.max(0, Math.floor((now() - Number(clock.dataset.since)) / 1000));
      put(clock.querySelector(".digits"), digits(spoken));
      put(clock.querySelector(".sr"), room.words("spoken", { n: Math.floor(spoken / 60) }));
    }
    for (const clock of document.querySelectorAll(".clock[data-ends], .clock[data-left]")) {
      const stands = clock.dataset.ends === undefined;
      const left = stands ? Number(clock.dataset.left) : Math.ceil((Number(clock.dataset.ends) - now()) / 1000);
      put(clock.querySelector(".digits"), left < 0 && clock.classList.contains("for-item") ? `+${digits(-left)}` : digits(Math.max(0, left)));
      put(clock.querySelector(".sr"), spoken(left) + (stands ? `, ${room.words("standing")}` : ""));
      const at = stage(clock, left);
      for (const name of ["soon", "last", "over"]) clock.classList.toggle(name, name === at);
      if (clock.classList.contains("turn")) warn(clock, at);
    }
    for (const timed of document.querySelectorAll("[data-until]")) {
      const left = Math.ceil((Number(timed.dataset.until) - now()) / 1000);
      if (timed.hidden !== left < 0) timed.hidden = left < 0;
      put(timed.querySelector(".count"), left > 0 ? `(${left})` : "");
    }
    for (const waits of document.querySelectorAll("[data-from]")) {
      const left = Math.ceil((Number(waits.dataset.from) - now()) / 1000);
      if (left > 0) waits.setAttribute("aria-disabled", "true");
      else if (!room.panels?.isFresh(waits)) waits.removeAttribute("aria-disabled");
      // Days and hours stand in words beside it.
      put(waits.querySelector(".count"), left > 0 && left <= 900 ? `(${left})` : "");
    }
  };
  setInterval(tick, 250);

  room.clock = { heard, forget, now, tick };
}
