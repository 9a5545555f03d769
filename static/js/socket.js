"use strict";
// The connection: opens, notices when it is dead, comes back soon, and asks by HTTP where no socket gets through.
{
  const TIME_OUT = 5000, SILENT = 12000, FIRST = 500, MOST = 5000, LINE_AFTER = 2000, POLL_AFTER = 10000, POLL_EVERY = 5000; // ms
  const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${room.page.socket}`;
  const line = room.at("line");
  let socket = null, tries = 0, retry = null, giveUp = null, stopped = false;
  let heardAt = Date.now(), downSince = Date.now(), polledAt = 0, pollingWorks = false, etag = "", told = false, last = Date.now();

  const open = () => socket?.readyState === WebSocket.OPEN;

  const connect = () => {
    clearTimeout(retry);
    if (stopped || !room.page.socket) return;
    drop();
    try { socket = new WebSocket(url); } catch { return again(); }
    giveUp = setTimeout(() => { drop(); again(); }, TIME_OUT);
    socket.onopen = () => {
      clearTimeout(giveUp);
      heardAt = Date.now();
      socket.send(JSON.stringify({ hello: room.panels.seq, epoch: room.panels.epoch }));
      room.acts.resend();
    };
    socket.onmessage = (event) => {
      heardAt = Date.now();
      if (downSince) up();
      let said;
      try { said = JSON.parse(event.data); } catch { return; }
      hear(said);
    };
    socket.onclose = ({ code }) => {
      drop();
      if (code === 4403 || code === 4404) expelled();
      else again(code === 4008 ? MOST : 0);
    };
  };

  // Handlers go first: some browsers call them again from close().
  const drop = () => {
    clearTimeout(giveUp);
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      try { socket.close(); } catch { /* it is gone */ }
      socket = null;
    }
    downSince ||= Date.now();
  };

  const again = (atLeast = 0) => {
    clearTimeout(retry);
    const pause = Math.min(MOST, FIRST * 2 ** tries) * (0.5 + Math.random() / 2);
    tries = Math.min(tries + 1, 6);
    retry = setTimeout(connect, Math.max(atLeast, pause));
  };

  const up = () => {
    downSince = 0;
    tries = 0;
    pollingWorks = false;
    if (told) room.alert(room.words("restored"));
    told = false;
    show();
  };

  const hear = (said) => {
    if (said.panels) room.panels.take(said);
    if (said.mine) room.mine.take(said.mine);
    if (said.beat) {
      const same = room.panels.beat(said.beat);
      if (!same && open()) socket.send(JSON.stringify({ hello: 0, epoch: said.beat.epoch }));
      room.witness.beat(said.beat, !same);
    }
    if ("accepted" in said || "refused" in said) room.acts.answered(said);
  };

  const send = (text) => {
    if (!open() || Date.now() - heardAt > SILENT) return false;
    try { socket.send(text); } catch { return false; }
    return true;
  };

  // The seat is gone or the session over: the page knows what to show instead; ask for it once.
  const expelled = () => {
    const before = room.tab.get("reloaded") || 0;
    if (Date.now() - before > 30000) {
      room.tab.set("reloaded", Date.now());
      location.reload();
      return;
    }
    stopped = true;
    drop();
    show();
  };

  // After sleep a socket often looks open and is dead: only a word from the server proves it.
  const wake = () => {
    if (stopped || document.visibilityState === "hidden") return;
    if (open() && Date.now() - heardAt < 6000) return;
    if (socket?.readyState === WebSocket.CONNECTING && Date.now() - last < 2000) return;
    tries = 0;
    connect();
  };
  document.addEventListener("visibilitychange", wake);
  addEventListener("pageshow", wake);
  addEventListener("online", wake);

  const poll = async () => {
    polledAt = Date.now() + POLL_EVERY * (Math.random() * 0.4 - 0.2);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 8000);
    try {
      const answer = await fetch(`/m/${room.page.meeting}/panels.json?as=${room.page.surface}&since=${room.panels.seq}`, {
        headers: etag ? { "If-None-Match": etag } : {}, signal: stop.signal, credentials: "same-origin", cache: "no-store",
      });
      if (answer.status === 403 || answer.status === 404) return expelled();
      if (answer.ok) {
        etag = answer.headers.get("ETag") || "";
        const said = await answer.json();
        if (said.beat && !room.panels.beat({ ...said.beat, seq: 0 })) room.witness.beat(said.beat, true);
        hear({ ...said, beat: undefined });
        if (said.beat) room.witness.beat(said.beat, false);
      }
      pollingWorks = answer.ok || answer.status === 304;
    } catch {
      pollingWorks = false;
    } finally {
      clearTimeout(timer);
      show();
    }
  };

  const show = () => {
    const silent = Date.now() - heardAt;
    const down = downSince ? Date.now() - downSince : 0;
    const words = stopped ? "ended" : pollingWorks && downSince ? "slow" : down > LINE_AFTER || silent > 11000 ? "reconnecting" : "";
    const text = words && room.words(words);
    if (line.textContent !== text) line.textContent = text;
    line.hidden = !text;
    if (words === "reconnecting" && !told) {
      told = true;
      room.alert(room.words("lost"));
    } else if (words === "slow" && told) {
      told = false;
      room.alert(room.words("restored"));
    }
  };

  setInterval(() => {
    const now = Date.now();
    const slept = now - last > 4000;
    last = now;
    if (slept) room.clock.forget();
    if (slept && document.visibilityState !== "hidden") wake();
    else if (open() && now - heardAt > SILENT) { tries = 0; connect(); }
    if (!stopped && downSince && now - downSince > POLL_AFTER && now - polledAt > POLL_EVERY) poll();
    show();
  }, 1000);

  room.socket = { connect, send, expelled };
}
