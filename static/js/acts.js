"use strict";
// From a tap to its answer: one id for each act, kept until answered, sent again with the same id.
{
  const PATIENCE = 4000, GIVE_UP = 60000; // ms
  const BY_SOCKET = 4000; // bytes; what is longer goes by post
  const ANSWERS = ["take_position", "cast_ballot", "answer_check"];
  const form = room.at("act");
  const box = `acts.${room.page.meeting}.${room.page.who || ""}`;
  const posting = new Set();
  let waiting = room.tab.get(box) || [];

  const keep = () => room.tab.set(box, waiting);

  // Plain HTTP has no crypto.randomUUID.
  const uuid = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  const send = (act, button, what) => {
    const one = { id: uuid(), act, button: button?.id || "", what, at: Date.now(), tried: 0 };
    waiting.push(one);
    keep();
    paint();
    attempt(one, true);
    return one.id;
  };

  const attempt = (one, first) => {
    one.tried = Date.now();
    const text = JSON.stringify({ ...one.act, id: one.id });
    const short = new TextEncoder().encode(text).length < BY_SOCKET;
    if (first && short && room.socket.send(text)) return;
    post(one, text);
  };

  const post = async (one, text) => {
    if (posting.has(one.id) || !form) return;
    posting.add(one.id);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 8000);
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: text, signal: stop.signal, credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      });
      const json = (answer.headers.get("Content-Type") || "").includes("json");
      if (json && (answer.ok || answer.status === 409)) answered({ id: one.id, ...(await answer.json()) });
      else if (answer.status === 403 || answer.status === 404) room.socket.expelled();
    } catch { /* no way through just now; it is tried again */ } finally {
      clearTimeout(timer);
      posting.delete(one.id);
    }
  };

  // {"accepted": id}, {"refused": id, "code", "why"} by socket, {"refused": code, "why", "id"} by post.
  const answered = (said) => {
    const id = "accepted" in said ? said.accepted : "code" in said ? said.refused : said.id;
    const one = waiting.find((each) => each.id === id);
    if (!one) {
      if (said.why && !id) room.notice(said.why);
      return;
    }
    waiting = waiting.filter((each) => each !== one);
    keep();
    const button = one.button && room.at(one.button);
    if ("accepted" in said) {
      room.mine.accepted(one.act);
      (said.but || []).forEach((why) => room.notice(why));
      if (button) {
        button.classList.add("arrived");
        setTimeout(() => button.classList.remove("arrived"), 700);
        const fields = button.closest("form[data-act]");
        if (fields) clear(fields);
      }
    } else {
      const late = ["no_test_open", "not_open"].includes(said.code || said.refused) && ANSWERS.includes(one.act.do);
      room.notice(late ? room.words("late", { why: said.why, what: one.what }) : said.why);
    }
    paint();
  };

  const clear = (fields) => {
    fields.dispatchEvent(new Event("accepted", { bubbles: true }));
    for (const field of fields.elements) {
      if (field.matches("textarea, input:not([type=hidden], [type=number])")) /^(checkbox|radio)$/.test(field.type) ? (field.checked = false) : (field.value = "");
      else if (field.matches("select[data-people]")) field.selectedIndex = 0;
    }
    room.say("accepted", `${room.words("accepted")} `);
    room.say("accepted", room.words("accepted"));
  };

  // Outlined while on its way; never enabled again by a panel that comes in between.
  const paint = () => {
    const busy = new Set(waiting.map((one) => one.button).filter(Boolean));
    for (const button of document.querySelectorAll("button[aria-busy]")) if (!busy.has(button.id)) button.removeAttribute("aria-busy");
    for (const id of busy) room.at(id)?.setAttribute("aria-busy", "true");
  };

  const resend = () => waiting.forEach((one) => attempt(one, true));

  setInterval(() => {
    const now = Date.now();
    for (const one of waiting.filter((each) => now - each.at > GIVE_UP)) {
      waiting = waiting.filter((each) => each !== one);
      room.notice(room.words("not_sent", { what: one.what }));
      keep();
      paint();
    }
    for (const one of waiting) if (now - one.tried > PATIENCE) attempt(one, false);
  }, 1000);

  // Every control that does an act: buttons of the one form, and small forms with fields.
  let given = 0;
  document.addEventListener("submit", (event) => {
    const fields = event.target, button = event.submitter;
    if (!form || (fields !== form && !fields.matches("form[data-act]"))) return;
    event.preventDefault();
    if (button?.matches("[aria-busy=true], [aria-disabled=true]") || (button && room.panels.isFresh(button))) return;
    let act;
    if (fields === form) {
      if (!button?.value) return;
      act = JSON.parse(button.value);
    } else {
      act = {};
      const data = new FormData(fields, button);
      for (const name of new Set(data.keys())) {
        if (["csrfmiddlewaretoken", "id", "next"].includes(name)) continue;
        const values = data.getAll(name).filter((value) => value !== "");
        if (!values.length) continue;
        // "counts.agree" is the field of a form for "agree" in "counts".
        const [outer, inner] = name.split(".");
        if (inner) (act[outer] ??= {})[inner] = values[0];
        else act[name] = values.length > 1 ? values : values[0];
      }
      act.do ??= fields.dataset.act;
    }
    if (button && !button.id) button.id = `given-${(given += 1)}`;
    send(act, button, (button?.querySelector(".word")?.textContent || button?.textContent || fields.dataset.act || "").trim().replace(/\s+/g, " "));
    const sheet = button?.closest("details.ask, details.point");
    if (sheet) {
      sheet.open = false;
      sheet.querySelector("summary").focus({ preventScroll: true });
    }
  });

  room.acts = { send, answered, paint, resend };
}
