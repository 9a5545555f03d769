"use strict";
// While everybody is asked, the pad holds the answers. What is asked stands in the panel, which comes
// to all at once; what I answered comes to me alone, and only for the question that it answers.
{
  const pad = room.at("pad"), asked = room.at("asked"), sheet = room.at("block-sheet"), form = room.at("block-form");
  const own = room.at("block-principle"), inOwnWords = room.at("principle-own"), reason = room.at("block-reason");
  const box = `block.${room.page.meeting}.${room.page.who || ""}`;
  const ACTS = {
    position: (of, code) => ({ do: "take_position", position: code, test: of }),
    ballot: (of, code) => ({ do: "cast_ballot", choice: code, vote: of }),
    level: (of, code) => ({ do: "answer_check", level: code, check: of }),
  };
  const set = (node, name, value) => { if (node.getAttribute(name) !== value) node.setAttribute(name, value); };
  const put = (node, text) => { if (node && node.textContent !== text) node.textContent = text; };
  const panel = () => room.at("test")?.dataset || {};
  let mine = {}, now = { kind: null, of: "" }, writing = false, restored = null, freshFor = null;

  // --- the answers

  const turn = (next, first) => {
    const held = pad.contains(document.activeElement) ? document.activeElement : null;
    pad.dataset.asking = next.kind;
    asked.hidden = !next.kind;
    put(room.at("asked-question"), next.question || "");
    put(room.at("block-question"), next.question || "");
    const clock = room.at("asked-clock");
    clock.hidden = !next.until;
    if (next.until) clock.dataset.ends = next.until;
    else delete clock.dataset.ends;
    for (const field of asked.querySelectorAll("input[name=test]")) field.value = next.of;
    if (first) return;
    // A finger on its way to what was here a moment ago must not answer.
    for (const key of pad.querySelectorAll(".key")) room.panels.mark(key);
    pad.dataset.fresh = "";
    clearTimeout(freshFor);
    freshFor = setTimeout(() => { delete pad.dataset.fresh; }, 1000);
    if (held && !held.checkVisibility()) {
      pad.tabIndex = -1;
      pad.focus({ preventScroll: true });
    }
  };

  // What I was not told to say is marked; where that is refused, it waits with its reason.
  const beyond = (key, past) => {
    const note = key.querySelector(".past");
    key.classList.toggle("beyond", past);
    put(note, past ? mine.beyond_words : "");
    note.hidden = !past;
    if (past && mine.closed) {
      set(key, "aria-disabled", "true");
      set(key, "aria-describedby", "my-beyond");
    } else {
      key.removeAttribute("aria-disabled");
      key.removeAttribute("aria-describedby");
    }
  };

  const answers = () => {
    const given = mine.of === now.of ? { ...mine, position: mine.position?.position } : {};
    for (const key of asked.querySelectorAll("[data-mine]")) {
      const { mine: what, code } = key.dataset, chosen = given[what] === code;
      if (key.matches("button")) {
        key.value = JSON.stringify(ACTS[what](now.of, code));
        set(key, "aria-pressed", String(chosen));
      } else {
        key.classList.toggle("chosen", chosen);
        put(key.querySelector(".state"), chosen ? `, ${room.words("your_answer")}` : "");
      }
      if (what !== "level") beyond(key, (mine.beyond || []).includes(code));
    }
    // Standing aside asks why, and does not insist.
    const why = room.at("why"), field = room.at("why-reason");
    const asks = now.kind === "test" && ["stand_aside", "reservations"].includes(given.position);
    why.hidden = !asks;
    if (!asks) { field.value = ""; return; }
    if (why.elements.position.value !== given.position || (document.activeElement !== field && !field.value)) {
      why.elements.position.value = given.position;
      field.value = mine.position.reason || field.value;
    }
  };

  // --- a block: its sheet, and what is half written in it

  const keep = () => {
    if (now.kind !== "test") return;
    const chosen = form.querySelector("[type=radio]:checked");
    room.tab.set(box, { test: now.of, open: sheet.open, reason: reason.value, chosen: chosen?.id || "", own: own?.value || "" });
  };
  const fill = (said) => {
    reason.value = said.reason || "";
    for (const radio of form.querySelectorAll("[type=radio]")) radio.checked = radio.id === said.chosen;
    if (own) own.value = said.own || "";
    ownWords();
  };
  const ownWords = () => {
    if (!inOwnWords) return;
    own.disabled = own.hidden = !inOwnWords.checked;
    own.required = inOwnWords.checked;
  };
  const answered = () => {
    const { reason: why, principle } = mine.position;
    const radio = [...form.querySelectorAll("[type=radio]")].find((one) => one.value === principle);
    return { reason: why, chosen: radio?.id || (inOwnWords ? inOwnWords.id : ""), own: radio ? "" : principle };
  };

  // The sheet covers the page: nothing behind it is reached by key or by ear.
  const behind = () => [
    room.at("main"), ...[...pad.children].filter((one) => one !== asked), ...[...asked.children].filter((one) => !one.contains(sheet)),
    ...[...sheet.parentElement.children].filter((one) => one !== sheet), sheet.firstElementChild,
  ];
  const opened = () => {
    if (writing === sheet.open) return;
    writing = sheet.open;
    for (const one of behind()) one.inert = writing;
    document.body.classList.toggle("covered", writing);
    if (writing) {
      if (!reason.value && mine.of === now.of && mine.position?.position === sheet.firstElementChild.dataset.code) fill(answered());
      if (!mine.writing || mine.of !== now.of) room.acts.send({ do: "prepare_block", test: now.of }, null, room.words("writing"));
      reason.focus();
    } else if (document.activeElement === document.body || sheet.contains(document.activeElement)) {
      sheet.firstElementChild.focus({ preventScroll: true });
    }
    keep();
  };
  const close = () => { sheet.open = false; opened(); };
  const cancel = () => {
    close();
    room.acts.send({ do: "prepare_block", cancel: true, test: now.of }, null, room.words("writing"));
  };

  // What was not sent before the test closed can still be read and copied.
  const unsent = (draft) => {
    const { last, closed } = panel(), place = room.at("unsent");
    const when = last === draft.test && closed ? closed : room.words("test_over");
    const words = [draft.reason, draft.own || room.at(draft.chosen)?.value].filter(Boolean).join("\n\n");
    if (writing) close();
    fill({});
    if (!words.trim()) { room.tab.set(box, null); return; }
    if (!place.hidden) return;
    put(room.at("unsent-title"), room.words("not_counted", { when }));
    room.at("unsent-text").value = words;
    place.hidden = false;
    place.focus({ preventScroll: true });
    room.say("unsent", room.at("unsent-title").textContent);
  };

  const blocking = () => {
    const draft = room.tab.get(box), test = now.kind === "test" ? now.of : "";
    if (draft && draft.test !== test && draft.test !== panel().of) return unsent(draft);
    if (writing && !test) return close();
    if (test && restored !== test) {
      // Open is what was open on this device; the other one may be writing.
      const here = draft?.test === test;
      fill(here ? draft : {});
      sheet.open = here && draft.open;
    }
    restored = test;
    opened();
  };

  if (sheet) {
    ownWords();
    form.addEventListener("input", () => { ownWords(); keep(); });
    sheet.addEventListener("toggle", opened);
    room.at("block-cancel").onclick = cancel;
    sheet.addEventListener("keydown", (event) => { if (event.key === "Escape" && sheet.open) { event.stopPropagation(); cancel(); } });
    room.at("unsent-away").onclick = () => { room.at("unsent").hidden = true; room.tab.set(box, null); };
    room.at("unsent-copy").onclick = async (event) => {
      const text = room.at("unsent-text");
      text.select();
      try { await navigator.clipboard.writeText(text.value); } catch { document.execCommand("copy"); }
      event.target.textContent = room.words("copied");
    };
  }
  document.addEventListener("click", (event) => {
    const summary = event.target.closest?.("#pad summary");
    if (summary && (room.panels.isFresh(summary) || summary.matches("[aria-disabled=true]"))) event.preventDefault();
  }, true);

  // --- what else is mine around a proposal

  const around = () => {
    const { last, asking } = panel(), proposal = room.at("proposal")?.dataset || {};
    const blocked = mine.block && mine.block.test === last;
    room.at("my-block").hidden = !(blocked && mine.block.standing) || asking === "vote";
    for (const one of document.querySelectorAll("#test .judging")) one.hidden = Boolean(blocked);
    for (const one of document.querySelectorAll("[data-judge]")) set(one, "aria-pressed", String(mine.judged?.[one.dataset.judge] === one.dataset.code));
    const old = room.at("outdated"), told = mine.outdated && !last && mine.outdated.proposal === proposal.proposal ? mine.outdated.sentence : "";
    put(old, told);
    old.hidden = !told;
    room.at("to-say").hidden = !mine.counts || room.page.phase === "ended";
    const open = proposal.talked === "yes" && !["test", "vote"].includes(asking);
    for (const one of document.querySelectorAll(".while-talked")) if (!one.contains(document.activeElement)) one.hidden = !open;
    room.at("take-back").hidden = proposal.by !== mine.who || proposal.ended === "yes" || ["test", "vote"].includes(asking);
  };

  const paint = (who, first) => {
    mine = who;
    const said = panel(), open = mine.counts && mine.present && said.asking;
    const next = open ? { kind: said.asking, of: said.of, question: said.question, until: said.closes } : { kind: "", of: "" };
    const turned = next.kind !== now.kind || next.of !== now.of;
    now = next;
    if (turned) turn(next, first);
    answers();
    if (sheet) blocking();
    around();
  };

  // An answer arrives before my own message does: show at once what was accepted.
  const accepted = (act, said) => {
    const answer = (of, name, value) => Object.assign(said, said.of === of ? {} : { position: null, ballot: null, level: null }, { of, [name]: value });
    if (act.do === "take_position") {
      answer(act.test, "position", { position: act.position, reason: act.reason || "", principle: act.principle || "" });
      if (sheet && act.position === sheet.firstElementChild.dataset.code) {
        room.tab.set(box, null);
        said.writing = false;
        fill({});
        if (writing) close();
        room.tab.set(box, null);
      }
    } else if (act.do === "cast_ballot") answer(act.vote, "ballot", act.choice);
    else if (act.do === "answer_check") answer(act.check, "level", act.level);
    else if (act.do === "prepare_block") said.writing = !act.cancel;
    else if (act.do === "judge_block") said.judged = { ...said.judged, [act.who]: act.answer };
    else if (act.do === "withdraw_block" || act.do === "stand_aside_instead") said.block = { ...said.block, standing: false };
    else return false;
    return true;
  };

  room.positions = { paint, accepted };
}
