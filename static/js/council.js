"use strict";
// Councils: for whom I speak and what I was told, my answer to a recall; and, where there are forms about
// councils, what can be chosen in them.
{
  const set = (node, name, value) => { if (node && node.getAttribute(name) !== value) node.setAttribute(name, value); };
  const put = (node, text) => { if (node && node.textContent !== text) node.textContent = text; };
  const hide = (node, yes) => { if (node && node.hidden !== yes) node.hidden = yes; };

  // --- for whom I speak

  const made = (name, text, more = {}) => Object.assign(document.createElement(name), { textContent: text, ...more });

  const bounds = (wanted) => {
    const list = room.at("my-mandate-bounds");
    hide(list, !wanted.length);
    if ([...list.children].map((one) => one.textContent).join("\n") === wanted.join("\n")) return;
    list.replaceChildren(...wanted.map((one) => made("li", one, { dir: "auto" })));
  };

  // Printed by the server first; anew only when they change, for somebody may be reading.
  const texts = (wanted) => {
    const list = room.at("my-mandate-texts"), shown = [...list.children];
    hide(room.at("my-mandate-others"), !wanted.length);
    const same = (one, row) => row && row.classList.contains("now") === one.now && row.lastElementChild.textContent === one.text;
    if (shown.length === wanted.length && wanted.every((one, n) => same(one, shown[n]))) return;
    list.replaceChildren(...wanted.map((one) => {
      const row = document.createElement("li");
      row.classList.toggle("now", one.now);
      if (one.now) row.append(made("span", list.dataset.now, { className: "pill" }), " ");
      row.append(made("span", one.text, { className: "text", dir: "auto" }));
      return row;
    }));
  };

  const unit = (mine, first) => {
    const box = room.at("my-unit");
    if (!box) return;
    const { unit: body, mandate, fellow } = mine;
    hide(box, !body || !mine.present);
    put(room.at("my-unit-name"), body?.name || "");
    put(room.at("my-mandate-words"), mandate?.words || "");
    put(room.at("my-mandate-by"), mandate?.by || "");
    put(room.at("my-mandate-text"), mandate?.text || "");
    hide(room.at("my-mandate-text"), !mandate?.text);
    hide(room.at("my-mandate-none"), Boolean(mandate?.text || mandate?.bounds.length || mandate?.texts.length));
    bounds(mandate?.bounds || []);
    texts(mandate?.texts || []);
    put(room.at("my-reach"), mandate?.reach || "");
    hide(room.at("my-reach"), !mandate?.reach);
    put(room.at("my-fellow"), fellow || "");
    hide(room.at("my-fellow"), !fellow);
    put(room.at("my-beyond"), mine.beyond_why || "");
    hide(room.at("my-beyond"), !mine.beyond_why);
    hide(room.at("my-unit-acts"), !mandate);
    set(room.at("act-refer-back"), "aria-pressed", String(Boolean(mandate?.referred)));
    const place = room.at("my-place"), was = place.firstElementChild.textContent;
    put(place.firstElementChild, mine.risen || "");
    hide(place, !mine.risen);
    if (mine.risen && was !== mine.risen && !first) room.alert(mine.risen);
    const step = room.at("act-step-in");
    put(step, step.dataset.words.replace("{unit}", mine.steps_in || ""));
    hide(room.at("my-step"), !mine.steps_in);
  };

  // --- a recall

  const recall = (mine) => {
    const box = room.at("my-recall"), of = room.at("recall")?.dataset.of || "";
    if (!box) return;
    hide(box, !of || !mine.counts || !mine.present);
    const own = mine.recall?.of === of ? mine.recall : null;
    hide(room.at("about-me"), !own?.mine);
    for (const key of box.querySelectorAll("[data-recall-answer]")) set(key, "aria-pressed", String(own?.answer === key.dataset.recallAnswer));
  };

  // --- a huddle, and whose matter it is

  const huddle = ({ huddle: own, scope }) => {
    const box = room.at("my-huddle"), open = document.querySelector("#council [data-huddle]")?.dataset.huddle;
    if (!box) return;
    const here = own && own.of === open ? own : null;
    hide(box, !here);
    put(room.at("my-huddle-unit"), here?.name || "");
    put(room.at("my-huddle-said"), here?.said || "");
    hide(room.at("spoke"), !here?.spoke);
    for (const key of box.querySelectorAll("[data-huddle-answer]")) {
      const code = key.dataset.huddleAnswer;
      key.value = JSON.stringify({ do: "answer_huddle", position: code, unit: here?.unit || "" });
      set(key, "aria-pressed", String(here?.answer === code));
    }
    hide(room.at("my-scope"), !scope);
    put(room.at("my-scope-item"), scope?.title || "");
    for (const key of document.querySelectorAll("[data-scope-answer]")) {
      key.value = JSON.stringify({ do: "answer_scope", answer: key.dataset.scopeAnswer, item: scope?.item || "" });
      set(key, "aria-pressed", String(scope?.answer === key.dataset.scopeAnswer));
    }
  };

  const paint = (mine, first) => {
    unit(mine, first);
    recall(mine);
    huddle(mine);
    hide(room.at("council-say"), !mine.counts);
    hide(room.at("say-report"), !mine.owes);
    hide(room.at("say-scope"), !mine.unit);
  };

  // An answer arrives before my own message does.
  const accepted = (act, said) => {
    if (act.do === "answer_recall") said.recall = { ...said.recall, of: room.at("recall")?.dataset.of || "", answer: act.answer };
    else if (act.do === "answer_huddle" && said.huddle) said.huddle = { ...said.huddle, answer: act.position };
    else if (act.do === "answer_scope" && said.scope) said.scope = { ...said.scope, answer: act.answer };
    else return false;
    return true;
  };

  // --- what can be chosen

  const LISTS = {
    council: "#council [data-council]",
    delegate: "#council [data-delegate]",
    "council-item": "#council [data-council-item]",
    applicant: "#council [data-applicant]",
  };
  const CAMEL = { council: "council", delegate: "delegate", "council-item": "councilItem", applicant: "applicant" };

  const fill = (select, wanted) => {
    const kept = [...select.options].filter((one) => one.dataset.kept !== undefined);
    const old = [...select.options].slice(kept.length);
    if (select === document.activeElement || old.map((one) => one.value).join() === wanted.map(([key]) => key).join()) return;
    const chosen = new Set([...select.selectedOptions].map((one) => one.value));
    old.forEach((one) => one.remove());
    select.append(...wanted.map(([key, name]) => new Option(name, key)));
    for (const one of select.options) one.selected = chosen.has(one.value);
    if (!select.multiple && select.selectedIndex < 0) select.selectedIndex = 0;
  };

  const lists = () => {
    for (const [name, where] of Object.entries(LISTS)) {
      const wanted = [...document.querySelectorAll(where)].map((one) => [one.dataset[CAMEL[name]], one.dataset.name]);
      for (const select of document.querySelectorAll(`select[data-list="${name}"]`)) fill(select, wanted);
    }
    const made = [...document.querySelectorAll("#decisions li[data-decision]")].map((one) => [one.dataset.decision, one.dataset.name]);
    for (const select of document.querySelectorAll("select[data-list=decision]")) {
      const known = new Set([...select.options].map((one) => one.value));
      for (const [key, name] of made) if (!known.has(key)) select.add(new Option(name, key), 1);
    }
    const here = [...document.querySelectorAll("[data-person]")].map((row) => [row.dataset.person, row.dataset.name]);
    if (here.length) for (const select of document.querySelectorAll("select[data-list=people]")) fill(select, here);
  };

  room.looks.push(lists);
  room.council = { paint, accepted };
}
