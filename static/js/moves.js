"use strict";
// Another place on the stack or the agenda: by buttons, by Alt and an arrow, by dragging. On the stack with a reason.
{
  const sheet = room.at("move"), own = room.at("move-own");
  let asked = null, drag = null;

  // Who can change places with whom: the rows of one list that say at which place they stand.
  const rowsOf = (row) => [...row.parentElement.children].filter((one) => one.dataset.at);

  const move = (row, index) => {
    const rows = rowsOf(row);
    const there = rows[Math.min(Math.max(0, index), rows.length - 1)];
    if (!there || there === row) return;
    const to = Number(there.dataset.at), { item, who, name } = row.dataset;
    const what = room.words("move_to", { name, n: to });
    if (item) {
      room.acts.send({ do: "move_item", item, to }, null, what);
      room.say("moved", what);
      return;
    }
    asked = { who, to, what };
    room.at("move-title").textContent = what;
    own.value = "";
    sheet.showModal();
  };

  const towards = (row, way) => {
    const place = rowsOf(row).indexOf(row);
    move(row, { top: 0, up: place - 1, down: place + 1 }[way]);
  };

  if (sheet) {
    const because = (said) => {
      const reason = said.trim();
      if (!reason || !asked) return;
      const { who, to, what } = asked;
      room.acts.send({ do: "move_hand", who, to, reason }, null, what);
      room.say("moved", what);
      sheet.close();
    };
    for (const ready of sheet.querySelectorAll("[data-reason]")) ready.onclick = () => because(ready.textContent);
    sheet.querySelector("form").onsubmit = (event) => {
      event.preventDefault();
      because(own.value);
    };
    sheet.querySelector("[data-close]").onclick = () => sheet.close();
    sheet.onclose = () => { asked = null; };
  }

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-reorder]:is(button)");
    if (toggle) {
      room.page.reorder = room.page.reorder === toggle.dataset.reorder ? "" : toggle.dataset.reorder;
      paint();
      return;
    }
    const button = event.target.closest("[data-move]");
    if (button) towards(button.closest("[data-at]"), button.dataset.move);
  });

  document.addEventListener("keydown", (event) => {
    if (drag && event.key === "Escape") return let_go();
    const way = { ArrowUp: "up", ArrowDown: "down", Home: "top" }[event.key];
    const row = way && event.altKey && !sheet?.open && event.target.closest?.("[data-at]");
    if (!row) return;
    event.preventDefault();
    towards(row, way);
  });

  // --- dragging: a finger or a mouse on the handle

  const over = (y) => {
    const rows = rowsOf(drag.row);
    const place = rows.filter((one) => one !== drag.row).filter((one) => { const box = one.getBoundingClientRect(); return box.top + box.height / 2 < y; }).length;
    return { rows, place };
  };

  const mark = (y) => {
    const { rows, place } = over(y);
    const from = rows.indexOf(drag.row);
    rows.forEach((one, at) => {
      one.classList.toggle("dragged", one === drag.row);
      one.classList.toggle("drop-before", at === place && place < from);
      one.classList.toggle("drop-after", at === place && place > from);
    });
  };

  const let_go = () => {
    for (const one of document.querySelectorAll(".dragged, .drop-before, .drop-after")) one.classList.remove("dragged", "drop-before", "drop-after");
    drag = null;
  };

  document.addEventListener("pointerdown", (event) => {
    const row = event.isPrimary && event.button === 0 && event.target.closest(".handle")?.closest("[data-at]");
    if (!row) return;
    event.preventDefault();
    drag = { row, pointer: event.pointerId };
    mark(event.clientY);
  });
  document.addEventListener("pointermove", (event) => { if (drag?.pointer === event.pointerId && drag.row.isConnected) mark(event.clientY); });
  document.addEventListener("pointerup", (event) => {
    if (drag?.pointer !== event.pointerId) return;
    const { row } = drag;
    const place = row.isConnected ? over(event.clientY).place : -1;
    let_go();
    if (place >= 0) move(row, place);
  });
  document.addEventListener("pointercancel", (event) => { if (drag?.pointer === event.pointerId) let_go(); });

  const paint = () => {
    for (const toggle of document.querySelectorAll("[data-reorder]:is(button)")) toggle.setAttribute("aria-pressed", String(room.page.reorder === toggle.dataset.reorder));
  };
  room.looks.push(paint);
}
