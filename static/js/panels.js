"use strict";
// Panels come as HTML and are worked into the page: focus, scroll and what is open stay as they are.
{
  const FRESH = 1000; // ms in which a button that means something else now takes no tap
  const IDS = ["now", "question", "floor", "recall", "test", "proposal", "council", "signals", "stack", "notes", "agenda", "people", "join"];
  const changed = new WeakMap();
  let seq = Number(room.page.seq || 0), epoch = room.page.epoch || "";

  const isFresh = (button) => Date.now() - (changed.get(button) || 0) < FRESH;

  const morph = (old, fresh) => {
    if (old.nodeType === Node.TEXT_NODE) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) return;
    const meant = old.nodeName === "BUTTON" ? old.value : null;
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value && !(name === "open" && old.nodeName === "DETAILS")) old.setAttribute(name, value);
    }
    if (meant !== null && old.value !== meant) changed.set(old, Date.now());
    children(old, fresh);
  };

  const children = (old, fresh) => {
    const wanted = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
    const named = new Map();
    for (const child of [...old.children]) {
      if (child.id && wanted.has(child.id)) named.set(child.id, child);
      else if (child.id) child.remove();
    }
    let at = old.firstChild;
    for (const child of [...fresh.childNodes]) {
      const kept = child.id && named.get(child.id);
      if (kept && kept.nodeName === child.nodeName) {
        if (kept === at) at = at.nextSibling;
        else old.insertBefore(kept, at);
        morph(kept, child);
      } else if (at && !at.id && !child.id && at.nodeName === child.nodeName) {
        const next = at.nextSibling;
        morph(at, child);
        at = next;
      } else {
        old.insertBefore(child, at);
      }
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
  };

  const swap = (id, html) => {
    const old = room.at(id);
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.firstElementChild;
    if (!old || !fresh || fresh.id !== id) return;
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    morph(old, fresh);
    if (!held || held === document.activeElement) return;
    // The thing in hand was moved or is gone: give it back, or what bears its name, or its panel.
    const again = held.isConnected ? held : held.id && room.at(held.id);
    if (!again) old.tabIndex = -1;
    (again || old).focus({ preventScroll: true });
  };

  // Take a frame; what is older than what is shown is not shown.
  const take = (frame) => {
    if (!frame || typeof frame.seq !== "number" || frame.seq < seq) return;
    seq = frame.seq;
    room.clock.heard(frame.at);
    for (const [id, html] of Object.entries(frame.panels || {})) swap(id, html);
    paint(false);
  };

  const beat = ({ epoch: theirs, seq: newest }) => {
    if (theirs !== epoch) {
      // Another past: forget how far we were and ask for everything.
      epoch = theirs;
      seq = 0;
      return false;
    }
    seq = Math.max(seq, newest);
    return true;
  };

  // What follows from the panels elsewhere on the page. `first`: the page has just opened.
  const heardBefore = new Set();
  const paint = (first) => {
    const now = room.at("now");
    if (now) room.page.phase = now.dataset.phase;
    room.clock.tick();
    room.mine.paint(first);
    room.acts.paint();
    for (const id of IDS) {
      const panel = room.at(id);
      if (!panel || panel.hidden) continue;
      if (panel.dataset.say !== undefined) room.say(id, panel.dataset.say, first);
      for (const one of panel.querySelectorAll("[data-tell]")) {
        const words = one.dataset.tell, name = `${one.id} ${words}`;
        if (heardBefore.has(name)) continue;
        heardBefore.add(name);
        room.say(name, words, first);
      }
      for (const one of [panel, ...panel.querySelectorAll("[data-alert]")]) {
        const words = one.dataset.alert, name = `${one.id} ${words}`;
        if (words && !heardBefore.has(name)) {
          heardBefore.add(name);
          if (!first) room.alert(words);
        }
      }
    }
    for (const button of document.querySelectorAll(".panel button")) {
      if (!isFresh(button) || button.hasAttribute("data-fresh")) continue;
      button.setAttribute("data-fresh", "");
      button.setAttribute("aria-disabled", "true");
      setTimeout(function settle() {
        // It may have come to mean yet another thing since.
        if (isFresh(button)) return void setTimeout(settle, FRESH / 4);
        button.removeAttribute("data-fresh");
        if (!button.dataset.from && button.dataset.closed === undefined) button.removeAttribute("aria-disabled");
        room.clock.tick();
      }, FRESH);
    }
    const address = document.querySelector(".url[data-address]");
    if (address && !address.textContent) address.textContent = room.page.address || location.host;
    if (!first) people();
    for (const look of room.looks) look();
    room.fit();
  };

  // The lists to choose people from follow who is here.
  const people = () => {
    const here = [...document.querySelectorAll("[data-person]")].map((row) => [row.dataset.person, row.dataset.name]);
    if (!here.length) return;
    for (const select of document.querySelectorAll("select[data-people]")) {
      const old = [...select.options].slice(1);
      if (select === document.activeElement || old.map((one) => one.value).join() === here.map(([key]) => key).join()) continue;
      const chosen = select.value;
      old.forEach((one) => one.remove());
      select.append(...here.map(([key, name]) => new Option(name, key)));
      select.value = chosen;
      if (select.selectedIndex < 0) select.selectedIndex = 0;
    }
  };

  room.panels = { take, beat, paint, isFresh, mark: (button) => changed.set(button, Date.now()), get seq() { return seq; }, get epoch() { return epoch; } };
}
