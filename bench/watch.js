"use strict";
// Runs before a page's own scripts: keeps what the page is shown at each seq, and presses for it.
{
  const rows = [], texts = new Map(), shown = {}, last = {}, answers = {}, sockets = [];

  const Real = window.WebSocket;
  window.WebSocket = class extends Real {
    constructor(...given) { super(...given); sockets.push(this); }
  };

  const parsed = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  };

  // What can still be objected to hides itself when its time is over; only then is it not printed.
  const canonical = (html) => {
    const panel = parsed(html);
    if (panel?.id !== "question") return panel?.outerHTML || "";
    panel.querySelectorAll("ul.objectable").forEach((one) => one.remove());
    return panel.querySelector(".text") ? panel.outerHTML : "";
  };

  const named = (text) => {
    let one = 0xdeadbeef, two = 0x41c6ce57;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, 2654435761);
      two = Math.imul(two ^ code, 1597334677);
    }
    return `${(one >>> 0).toString(36)}-${(two >>> 0).toString(36)}-${text.length}`;
  };

  const keep = (id, html) => {
    const text = canonical(html);
    const name = named(text);
    if (shown[id] !== name) texts.set(name, text);
    shown[id] = name;
    last[id] = html;
  };

  document.addEventListener("readystatechange", () => {
    if (document.readyState !== "interactive") return;
    for (const panel of document.querySelectorAll(".panel[id]")) keep(panel.id, panel.outerHTML);
    rows.push([Number(document.body.dataset.seq), { ...shown }]);
  });

  document.addEventListener("DOMContentLoaded", () => {
    const { take } = room.panels, { answered } = room.acts;
    room.panels.take = (frame) => {
      const before = room.panels.seq;
      take(frame);
      if (!frame || !(frame.seq >= before)) return;
      for (const [id, html] of Object.entries(frame.panels || {})) keep(id, html);
      rows.push([frame.seq, { ...shown }]);
    };
    room.acts.answered = (said) => {
      const code = "accepted" in said ? "accepted" : said.code || said.refused;
      answers[code] = (answers[code] || 0) + 1;
      answered(said);
    };
  });

  const free = (one) => one && one.checkVisibility() && !one.disabled && !one.matches("[aria-disabled=true], [aria-busy=true]");

  // A panel as a skeleton: its elements with what they mean, without what ticks and what is mine.
  const bones = (panel) => [...panel.querySelectorAll("*")]
    .filter((one) => !one.closest("[data-added], .clock") && !one.matches(".badge, .warn, .count, .url, option"))
    .map((one) => [one.nodeName, one.id, one.dataset.who || "", one.getAttribute("value") || "",
      [...one.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE).map((child) => child.data.trim()).join("")].join("|"));

  window.watch = {
    taken: () => {
      const told = { rows: rows.splice(0), texts: Object.fromEntries(texts), answers: { ...answers } };
      texts.clear();
      for (const code of Object.keys(answers)) delete answers[code];
      return told;
    },
    cut: () => sockets.splice(0).forEach((one) => one.close()),
    open: (id) => {
      const sheet = document.getElementById(id);
      if (!sheet || sheet.hidden) return false;
      sheet.open = true;
      return true;
    },
    buttons: (pattern) => {
      const wanted = new RegExp(`^${pattern}$`);
      const ends = (one) => /end_meeting/.test(one.value);
      return [...document.querySelectorAll("button[id]")].filter((one) => wanted.test(one.id) && free(one) && !ends(one)).map((one) => one.id);
    },
    pressAt: (id, inMs) => setTimeout(() => document.getElementById(id)?.click(), inMs),
    fill: (act, said) => {
      const form = [...document.querySelectorAll(`form[data-act="${act}"]`)].find((one) => Object.keys(said).every((id) => one.querySelector(`[id="${id}"]`)));
      if (!form || form.hidden) return false;
      form.closest("details")?.setAttribute("open", "");
      for (const [id, value] of Object.entries(said)) {
        const input = form.querySelector(`[id="${id}"]`);
        if (input.type === "checkbox") input.checked = Boolean(value);
        else input.value = value;
      }
      const button = form.querySelector("button:not([type=button])");
      if (!free(button)) return false;
      button.click();
      return true;
    },
    move: (where, why) => {
      const buttons = [...document.querySelectorAll("#stack [data-move]")];
      const sheet = document.getElementById("move"), own = document.getElementById("move-own");
      if (!buttons.length || !sheet || sheet.open) return false;
      buttons[Math.floor(where * buttons.length)].click();
      if (!sheet.open) return false;
      own.value = why;
      own.form.requestSubmit();
      return true;
    },
    unlike: () => Object.entries(last).flatMap(([id, html]) => {
      const panel = document.getElementById(id);
      const own = panel ? bones(panel) : [], sent = bones(parsed(html));
      const places = [...Array(Math.max(own.length, sent.length)).keys()];
      const at = places.find((place) => own[place] !== sent[place]);
      return at === undefined ? [] : [`${id}: shows ${own[at]}, was sent ${sent[at]}`];
    }),
  };
}
