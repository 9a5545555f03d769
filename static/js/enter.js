"use strict";
// One field for people without a phone: two letters find somebody, one key does what they do.
{
  const form = room.at("enter"), select = room.at("enter-who"), acts = room.at("enter-acts"), hint = room.at("enter-hint");
  const SHOWN = 8;
  const OTHERS = { ß: "ss", ø: "o", ł: "l", đ: "d", ı: "i", æ: "ae", œ: "oe" };
  let chosen = null, found = [], active = 0, awaited = null, pointer = false, started = false;

  // Who is here, from the page as printed and then from the panel that follows the meeting.
  const printed = [...(select?.options || [])].slice(1).map((one) => ({ key: one.value, name: one.textContent, phone: one.dataset.phone !== "no" }));
  const here = () => {
    const rows = [...document.querySelectorAll("[data-person]")];
    return rows.length ? rows.map(({ dataset }) => ({ key: dataset.person, name: dataset.name, phone: dataset.phone !== "no" })) : printed;
  };

  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[ßøłđıæœ]/g, (one) => OTHERS[one]);
  const words = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  const may = (act) => Boolean(room.mine.own?.may?.includes(act));

  // Every word typed begins a word of the name; people without a phone come first.
  const matching = (typed) => {
    const wanted = words(typed);
    if (!wanted.length) return [];
    return here()
      .filter(({ name }) => { const own = words(name); return wanted.every((word) => own.some((one) => one.startsWith(word))); })
      .sort((one, other) => one.phone - other.phone || one.name.localeCompare(other.name))
      .slice(0, SHOWN);
  };

  const make = (tag, more) => Object.assign(document.createElement(tag), more);
  const input = make("input", { id: "enter-name", type: "text", maxLength: 80, autocomplete: "off", dir: "auto", spellcheck: false });
  const list = make("ul", { id: "enter-list", className: "options", hidden: true });

  const show = () => {
    list.replaceChildren(...found.map((one, place) => {
      const option = make("li", { id: `enter-option-${place}`, className: place === active ? "active" : "" });
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(place === active));
      if (one.fresh) option.textContent = room.words("check_in_as", { name: one.name });
      else option.append(make("bdi", { textContent: one.name }), make("span", { className: "quiet", textContent: one.phone ? "" : ` ${room.words("no_phone")}` }));
      option.onclick = () => pick(one);
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (list.hidden) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `enter-option-${active}`);
  };

  const look = () => {
    const typed = input.value.trim();
    found = chosen ? [] : matching(typed);
    if (!chosen && typed.length > 1 && may("check_in") && !here().some(({ name }) => fold(name) === fold(typed))) found.push({ name: typed, fresh: true });
    active = 0;
    show();
    if (typed && !chosen) room.say("found", found.length ? room.words("found", { n: found.length, name: found[0].fresh ? room.words("check_in_as", found[0]) : found[0].name }) : room.words("found_nobody"));
  };

  const close = () => { found = []; show(); };

  const pick = (one) => {
    close();
    if (one.fresh) {
      awaited = { name: one.name, known: new Set(here().map(({ key }) => key)) };
      room.acts.send({ do: "check_in", name: one.name, phone: false }, null, room.words("check_in_as", one));
      input.focus();
      return;
    }
    chosen = one;
    input.value = one.name;
    paint();
    if (!acts.contains(document.activeElement)) firstAct().focus();
  };

  const drop = (focus) => {
    chosen = null;
    input.value = "";
    close();
    paint();
    if (focus) input.focus();
  };

  const paint = () => {
    form.classList.toggle("chosen", Boolean(chosen));
    form.classList.toggle("no-phone-chosen", Boolean(chosen && !chosen.phone));
    hint.hidden = Boolean(chosen);
    if (!chosen) return;
    acts.setAttribute("aria-label", room.words("enter_for", { name: chosen.name }));
    acts.removeAttribute("aria-labelledby");
    const word = room.at("enter-phone").querySelector(".word");
    word.textContent = chosen.phone ? word.dataset.dead : word.dataset.works;
    room.at("enter-phone").hidden = !may("set_phone");
  };

  // What the panels brought: somebody checked in here is at hand at once; who has left is not.
  const follow = () => {
    const people = here();
    if (awaited) {
      const come = people.find(({ key, name }) => name === awaited.name && !awaited.known.has(key));
      if (come) {
        const idle = !chosen && input.value.trim() === awaited.name;
        awaited = null;
        if (idle) pick(come);
      }
    }
    if (chosen) {
      chosen = people.find(({ key }) => key === chosen.key) || null;
      if (!chosen) drop(form.contains(document.activeElement));
    }
    paint();
  };

  const firstAct = () => [...acts.querySelectorAll("button, a.button")].find((one) => one.checkVisibility());

  // A block wants words: its own form opens with the person in it.
  const open = (tool) => {
    const who = tool.querySelector("select[name=for]");
    if (![...who.options].some(({ value }) => value === chosen.key)) who.append(new Option(chosen.name, chosen.key));
    who.value = chosen.key;
    tool.open = true;
    drop(false);
    tool.querySelector("textarea, input:not([type=hidden])").focus();
  };

  const send = (act, button) => {
    const what = button.querySelector(".word").textContent.trim(), { key, name } = chosen;
    room.acts.send(act.do === "set_phone" ? { ...act, who: key } : { ...act, for: key }, null, `${what} · ${name}`);
    room.say("entered", `${what}: ${name}.`);
    // A thumb wants no keyboard to come up; keys go on with the next name.
    drop(!pointer);
  };

  const start = () => {
    started = true;
    select.required = false;
    select.hidden = true;
    select.removeAttribute("data-key");
    input.dataset.key = "h";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", "enter-list");
    input.setAttribute("aria-describedby", "enter-hint");
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-labelledby", "enter-label");
    room.at("enter-label").htmlFor = "enter-name";
    select.after(input, list);

    input.oninput = () => { chosen = null; awaited = null; paint(); look(); };
    input.onblur = close;
    list.onpointerdown = (event) => event.preventDefault();
    input.onkeydown = (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter") {
        event.preventDefault();
        if (found.length) pick(found[active]);
        else if (chosen) firstAct().focus();
      } else if (event.key === "Escape" && (input.value || found.length)) {
        event.stopPropagation();
        drop(true);
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length) {
        event.preventDefault();
        active = (active + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
        show();
      }
    };
    acts.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape") { event.stopPropagation(); drop(true); return; }
      const button = event.key.length === 1 && [...acts.querySelectorAll("[data-letter]")].find((one) => one.dataset.letter === event.key.toLowerCase() && one.checkVisibility());
      if (!button) return;
      event.preventDefault();
      event.stopPropagation();
      button.click();
    };
    for (const link of acts.querySelectorAll("[data-opens]")) {
      link.onclick = (event) => { event.preventDefault(); if (chosen) open(room.at(link.dataset.opens)); };
      link.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); link.click(); } });
    }
    form.addEventListener("keydown", () => { pointer = false; }, true);
    form.addEventListener("pointerdown", () => { pointer = true; }, true);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (chosen && event.submitter?.value) send(JSON.parse(event.submitter.value), event.submitter);
    });
    room.at("enter-phone").onclick = (event) => { if (chosen) send({ do: "set_phone", phone: !chosen.phone }, event.currentTarget); };
  };

  // The numbers counted last stand in the fields of a count, unless somebody is at them.
  const counted = new WeakMap();
  const counts = () => {
    for (const fields of document.querySelectorAll("form.count-form")) {
      const told = room.at(fields.dataset.of)?.dataset.counted ?? "";
      if (counted.get(fields) === told || fields.contains(document.activeElement)) continue;
      counted.set(fields, told);
      const numbers = new Map(told.split(" ").filter(Boolean).map((one) => one.split(":")));
      for (const field of fields.querySelectorAll("input[data-word]")) field.value = numbers.get(field.dataset.word) || "0";
    }
  };

  room.looks.push(() => {
    counts();
    if (!form) return;
    if (!started) start();
    follow();
  });
}
