"use strict";
// Half-written words stay on this device until they are accepted, through a reload or a lost connection;
// an amendment starts from the text that is on the table now.
{
  const box = (form) => `draft.${room.page.meeting}.${room.page.who || ""}.${form.dataset.draft}`;
  const ticked = (field) => field.type === "checkbox" || field.type === "radio";
  const keep = (form) => {
    const fields = [...form.elements].filter((one) => one.id && one.matches("textarea, select, input:not([type=hidden])"));
    room.tab.set(box(form), fields.map((one) => [one.id, ticked(one) ? one.checked : one.value, one.dataset.version]));
  };

  for (const form of document.querySelectorAll("form[data-draft]")) {
    for (const [id, value, version] of room.tab.get(box(form)) || []) {
      const field = room.at(id);
      if (!field) continue;
      if (ticked(field)) field.checked = value;
      else field.value = value;
      if (version) field.dataset.version = version;
    }
    form.addEventListener("input", () => keep(form));
    form.addEventListener("accepted", () => room.tab.set(box(form), null));
  }

  const fold = room.at("say-amendment"), text = room.at("amend-text"), again = room.at("amend-again");
  if (fold) {
    let base = text.defaultValue;

    // The page itself holds the present text, and the concerns that an amendment may meet.
    const fetched = async () => {
      try {
        const answer = await fetch(location.pathname, { credentials: "same-origin", cache: "no-store" });
        return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
      } catch { return null; }
    };
    const start = async () => {
      const page = await fetched(), now = page?.getElementById("amend-text");
      if (!now) return;
      text.value = base = now.defaultValue;
      Object.assign(text.dataset, now.dataset);
      const meets = page.getElementById("amend-meets");
      room.at("amend-meets").hidden = meets.hidden;
      room.at("amend-meets").replaceChildren(...meets.children);
      room.tab.set(box(text.form), null);
      look();
    };
    const look = () => {
      const { proposal, version } = room.at("proposal")?.dataset || {};
      if (!proposal) return;
      const same = text.dataset.of === proposal && text.dataset.version === version;
      const older = room.at("amend-older"), written = text.value !== base && text.value.trim();
      if (!same && !written) { if (fold.open) start(); return; }
      older.hidden = again.hidden = same;
      older.textContent = same ? "" : room.words("older_text", { n: text.dataset.version, m: version });
    };
    fold.addEventListener("toggle", look);
    again.firstElementChild.onclick = start;
    text.form.addEventListener("accepted", () => { text.dataset.version = ""; base = ""; });
    room.looks.push(look);
  }
}
