"use strict";
// What the page says: sentences from the template, notices, announcements, what is kept on the device.
// `looks`: what other scripts do whenever the panels have changed.
const room = (window.room = { page: document.body.dataset, looks: [] });

{
  const sentences = {};
  for (const one of document.getElementById("words").content.querySelectorAll("[data-word]")) {
    sentences[one.dataset.word] = one.textContent;
  }

  room.words = (name, fill = {}) =>
    (sentences[name] || "").replace(/\{(\w+)\}/g, (all, key) => (key in fill ? fill[key] : all));

  room.at = (id) => document.getElementById(id);

  // Storage may be switched off; then nothing is kept, and nothing breaks.
  const kept = (area) => ({
    get(name) {
      try { return JSON.parse(window[area].getItem(`assembly.${name}`)); } catch { return null; }
    },
    set(name, value) {
      try { window[area].setItem(`assembly.${name}`, JSON.stringify(value)); } catch { /* not kept */ }
    },
  });
  room.device = kept("localStorage");
  room.tab = kept("sessionStorage");

  // A notice stays until it is closed, or for twenty seconds; of one sentence only one is shown.
  room.notice = (text, kind = "refused") => {
    const box = room.at("notices");
    if (!box || !text) return;
    for (const one of box.children) if (one.dataset.text === text) one.remove();
    const notice = Object.assign(document.createElement("p"), { className: `notice ${kind}` });
    const words = Object.assign(document.createElement("span"), { textContent: text });
    const close = Object.assign(document.createElement("button"), { type: "button", className: "close", textContent: "×" });
    close.setAttribute("aria-label", room.words("close"));
    close.onclick = () => notice.remove();
    notice.dataset.text = text;
    notice.append(words, close);
    box.append(notice);
    while (box.children.length > 3) box.firstElementChild.remove();
    setTimeout(() => notice.contains(document.activeElement) || notice.remove(), 20000);
  };

  // Assertive: only what DOMAIN 6.3 lists. Emptied first, so that the same words are heard again.
  let alerts = [];
  room.alert = (text) => {
    const box = room.at("alert");
    box.textContent = "";
    alerts.push(text);
    // What comes at the same moment is said together.
    if (alerts.length === 1) setTimeout(() => { box.textContent = alerts.join(" "); alerts = []; }, 50);
  };

  // Polite: what changed is gathered, at most one message in five seconds.
  const said = new Map();
  let due = null, last = 0;
  room.say = (name, text, quietly = false) => {
    if (!text || quietly) said.set(name, { text, new: false });
    else if (said.get(name)?.text !== text) said.set(name, { text, new: true });
    if (![...said.values()].some((one) => one.new)) return;
    due ??= setTimeout(speak, Math.max(300, last + 5000 - Date.now()));
  };
  const speak = () => {
    const fresh = [...said.values()].filter((one) => one.new);
    for (const one of fresh) one.new = false;
    due = null;
    last = Date.now();
    room.at("status").textContent = fresh.map((one) => one.text).join(" ");
  };
}
