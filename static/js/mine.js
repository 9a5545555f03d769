"use strict";
// What is somebody's own: the keys of the pad, the place in the stack, "it is your turn", what can be undone.
{
  const from = room.at("mine");
  let mine = from ? JSON.parse(from.textContent) : null;
  let place = 0, next = false, turn = false, turnSince = 0, raisedAt = 0;

  const set = (node, name, value) => { if (node.getAttribute(name) !== value) node.setAttribute(name, value); };
  const put = (node, text) => { if (node && node.textContent !== text) node.textContent = text; };

  const take = (said) => {
    if (room.page.surface === "wall") return;
    mine = { ...mine, ...said };
    paint(false);
  };

  // An answer arrives before the panels do: show at once what was accepted.
  const accepted = (act) => {
    if (!mine || act.for) return;
    const put = (list, name, up) => [...(list || []).filter((one) => one !== name), ...(up ? [name] : [])];
    if (act.do === "raise_hand") raisedAt = Date.now();
    if (act.do === "raise_hand") mine.hands = put(mine.hands, act.kind || "hand", true);
    else if (act.do === "lower_hand") mine.hands = put(mine.hands, act.kind || "hand", false);
    else if (act.do === "lower_signal") mine.signals = put(mine.signals, act.signal, false);
    else if (act.do === "show_signal") {
      const lowers = (room.at(`pad-${act.signal}`)?.dataset.lowers || "").split(" ");
      mine.signals = put((mine.signals || []).filter((one) => !lowers.includes(one)), act.signal, true);
    } else if (act.do === "answer_question") mine.answered = act.answer;
    else if (!room.positions?.accepted(act, mine) && !room.council?.accepted(act, mine)) return;
    paint(false);
  };

  const key = (button) => {
    const { pad, code } = button.dataset;
    const up = (pad === "hand" ? mine.hands : mine.signals)?.includes(code) || false;
    const act = pad === "hand"
      ? { do: up ? "lower_hand" : "raise_hand", kind: code }
      : { do: up ? "lower_signal" : "show_signal", signal: code };
    const value = JSON.stringify(act);
    if (button.value !== value) {
      if (button.getAttribute("aria-pressed") !== String(up)) room.panels.mark(button);
      button.value = value;
    }
    set(button, "aria-pressed", String(up));
    if (code === "hand") {
      put(button.querySelector(".word"), up ? button.dataset.on : button.dataset.off);
      let badge = button.querySelector(".badge");
      if (up && place && !badge) {
        badge = Object.assign(document.createElement("span"), { className: "badge" });
        badge.setAttribute("aria-hidden", "true");
        button.append(badge);
      }
      if (badge) { badge.hidden = !(up && place); put(badge, String(place || "")); }
    }
    const state = up ? (code === "hand" && place ? button.dataset.place.replace("{n}", place) : button.dataset.onState) : button.dataset.offState;
    put(button.querySelector(".state"), state);
    set(button, "aria-label", button.querySelector(".word").textContent + state);
    if (code === "technical_point") point(button, up);
  };

  // A technical point asks for its kind; once raised, the same place lowers it.
  const point = (button, up) => {
    const sheet = room.at("point");
    if (!sheet || button.hidden === !up) return;
    const held = sheet.contains(document.activeElement) || document.activeElement === button;
    button.hidden = !up;
    sheet.hidden = up;
    sheet.open = false;
    if (held) (up ? button : sheet.firstElementChild).focus({ preventScroll: true });
  };

  const named = (who, name) => {
    const them = document.createElement("span");
    them.className = "me";
    them.dataset.added = "";
    them.textContent = name;
    return them;
  };

  // In the panels, which are the same for all, mark what is mine.
  const marks = (who) => {
    document.querySelectorAll("[data-added]").forEach((one) => one.remove());
    for (const row of document.querySelectorAll(".panel [data-who]")) row.classList.toggle("me", row.dataset.who === who);
    const then = document.querySelector("#floor .then");
    if (!then) return;
    const listed = then.querySelector(".me");
    if (listed) listed.append(named(who, ` (${room.words("you")})`));
    else if (place) then.append(named(who, ` · ${room.words("you_place", { n: place })}`));
  };

  // What only its author may answer is shown to nobody else, and to its author what others confirm.
  const owned = (who) => {
    for (const one of document.querySelectorAll(".panel [data-author]")) one.hidden = one.dataset.author !== who;
    for (const one of document.querySelectorAll(".panel [data-not]")) one.hidden = one.dataset.not === who;
  };

  const card = (words) => {
    const box = room.at("card");
    if (!box) return;
    box.querySelector(".big").textContent = words;
    box.hidden = false;
    clearTimeout(card.timer);
    card.timer = setTimeout(() => { box.hidden = true; }, 2000);
    box.onclick = () => { box.hidden = true; };
    if (room.device.get("vibrate")) navigator.vibrate?.([200, 100, 200]);
  };

  const mayUndo = (box, list, label) => {
    if (!box) return;
    const live = list.filter((one) => one && (!one.until || one.until > room.clock.now()));
    const name = live.map((one) => one.seq).join();
    box.hidden = !live.length;
    if (box.dataset.shown === name) return;
    box.dataset.shown = name;
    box.replaceChildren(...live.map((one) => {
      const row = Object.assign(document.createElement("div"), { className: "one" });
      row.dataset.until = one.until || "";
      const button = Object.assign(document.createElement("button"), { type: "submit", id: `act-undo-${one.seq}`, className: "button small", name: "act" });
      button.setAttribute("form", "act");
      button.value = JSON.stringify({ do: "undo", seq: one.seq });
      button.dataset.key = "u";
      const count = Object.assign(document.createElement("span"), { className: "count" });
      count.setAttribute("aria-hidden", "true");
      button.append(`${label} `, count);
      row.append(Object.assign(document.createElement("span"), { textContent: one.what }), button);
      if (!one.until) delete row.dataset.until;
      return row;
    }));
    room.clock.tick();
  };

  // A quiet word to one person alone; "not now" keeps it off this device for this item.
  let putAside = null;
  const nudge = (said, first) => {
    const box = room.at("nudge");
    if (!box) return;
    const name = said ? [room.page.meeting, said.item, said.kind].join() : "";
    const shown = Boolean(said) && ![putAside, room.device.get("nudge")].includes(name);
    if (shown && box.hidden) room.say("nudge", said.sentence, first);
    box.hidden = !shown;
    if (!shown) return;
    put(box.querySelector("span"), said.sentence);
    room.at("act-step-up").hidden = said.kind !== "step_up";
    const away = room.at("not-now");
    put(away, room.words(said.kind === "step_up" ? "not_now" : "all_right"));
    away.onclick = () => { room.device.set("nudge", putAside = name); nudge(said, true); };
  };

  // What only my roles let me do is put away while I do not hold them; what is typed in it stays.
  const byRole = room.at("acts-by-role") ? JSON.parse(room.at("acts-by-role").textContent) : [];
  const tools = () => {
    const may = mine.may || [], held = mine.roles || [];
    const closed = (act) => byRole.includes(act) && !may.includes(act);
    const hide = (node, yes) => { if (node && node.hidden !== yes) node.hidden = yes; };
    for (const way of document.querySelectorAll(".to-console")) hide(way, !held.length);
    hide(room.at("no-role"), held.length > 0);
    hide(room.at("tools-roles"), !held.length);
    if (!byRole.length) return;
    for (const form of document.querySelectorAll("form[data-act]")) hide(form, closed(form.dataset.act) || (Boolean(form.elements.for) && closed("for")));
    for (const button of document.querySelectorAll(".panel button[name=act]")) hide(button, closed(button.value.match(/"do": ?"(\w+)"/)?.[1]) || (button.value.includes('"for":') && closed("for")));
    for (const toggle of document.querySelectorAll("[data-reorder]:is(button)")) hide(toggle, closed(toggle.dataset.needs));
    for (const option of document.querySelectorAll("[data-own-roles] option")) {
      option.hidden = option.disabled = !held.includes(option.value);
      if (option.selected && option.disabled) option.selected = false;
    }
  };

  // What is said to me alone: a wish for a break where I facilitate, and to hand over before I argue.
  const flags = (first) => {
    const box = room.at("flags"), wishes = (mine.wishes || []).join(" ");
    const told = [mine.neutral, ...(mine.asks || [])].filter(Boolean).join(" ");
    if (!box) return;
    put(room.at("flag-told"), told);
    room.at("flag-told").hidden = !told;
    put(room.at("flag-wishes"), wishes);
    room.at("flag-break").hidden = !wishes;
    box.hidden = !wishes && !told;
    room.say("flags", `${told} ${wishes}`.trim(), first);
    room.at("flag-ask").hidden = !(mine.roles || []).includes("vibes_watcher");
    set(room.at("act-request-break"), "aria-pressed", String(Boolean(mine.asked_for_break)));
  };

  // The clock of one's own turn, in words; only who speaks is told.
  const time = (words) => {
    put(room.at("my-time"), words);
    if (turn) room.say("time", words);
  };

  // To whom a turn can be given: whoever has a hand up, as the stack shows them.
  const give = (who) => {
    const form = room.at("my-yield"), select = room.at("yield-to");
    const rows = [...document.querySelectorAll("#stack .hands [data-who]")].filter((row) => row.dataset.who !== who && row.dataset.kind === "hand");
    form.hidden = room.at("act-my-pass").hidden || !rows.length;
    if (select === document.activeElement || [...select.options].slice(1).map((one) => one.value).join() === rows.map((row) => row.dataset.who).join()) return;
    const chosen = select.value;
    select.replaceChildren(select.options[0], ...rows.map((row) => new Option(row.querySelector(".name").textContent, row.dataset.who)));
    select.value = chosen;
    if (select.selectedIndex < 0) select.selectedIndex = 0;
  };

  const paint = (first) => {
    if (!mine || !room.page.who) return;
    const who = mine.who, floor = room.at("floor")?.dataset || {};
    const order = (room.at("stack")?.dataset.order || "").split(" ");
    const before = place;
    place = order.indexOf(who) + 1;
    room.page.present = mine.present ? "yes" : "no";
    room.page.counts = mine.counts ? "yes" : "no";
    document.querySelectorAll("[data-pad]").forEach(key);
    document.querySelectorAll("[data-answer]").forEach((one) => set(one, "aria-pressed", String(one.dataset.answer === mine.answered)));
    marks(who);
    tools();
    owned(who);
    flags(first);
    room.council?.paint(mine, first);
    if (room.page.surface === "phone" || room.page.surface === "console") {
      mayUndo(room.at("undo"), [mine.undo], room.words("undo"));
      mayUndo(room.at("entered"), mine.entered || [], room.words("taken_back"));
    }
    if (room.page.surface !== "phone") return;
    room.positions.paint(mine, first);
    const speaks = floor.speaker === who, comes = !speaks && floor.next === who;
    room.at("my-turn").hidden = !speaks;
    nudge(mine.nudge, first);
    room.at("my-double").hidden = !mine.double_time;
    room.at("floor").classList.toggle("mine", speaks);
    if (speaks && !turn) turnSince = room.clock.now();
    room.at("act-my-pass").hidden = speaks && room.clock.now() - turnSince > 10500;
    give(who);
    if (place && place !== before) room.say("place", room.words("place", { n: place }), first);
    const running = room.page.phase !== "ended" && room.page.phase !== "break";
    if (!first && running && speaks && !turn) { card(room.words("turn")); room.alert(room.words("turn")); }
    // Who is first because of a tap just made knows it, and may want to tap again.
    else if (!first && running && comes && !next && Date.now() - raisedAt > 4000) { card(room.words("next")); room.alert(room.words("next")); }
    turn = speaks;
    next = comes;
  };
  setInterval(() => mine && paint(false), 5000);

  room.mine = { take, accepted, paint, time, get own() { return mine; } };
}
