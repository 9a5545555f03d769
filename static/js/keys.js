"use strict";
// The keyboard, the settings of this device, and a screen that stays on.
{
  const dialog = room.at("keys"), onByDefault = Boolean(dialog);
  const switchKeys = room.at("set-keys"), switchBuzz = room.at("set-vibrate");
  const on = () => room.device.get("keys." + room.page.surface) ?? onByDefault;

  if (switchKeys) {
    switchKeys.checked = on();
    switchKeys.onchange = () => room.device.set("keys." + room.page.surface, switchKeys.checked);
  }
  if (switchBuzz) {
    switchBuzz.checked = Boolean(room.device.get("vibrate"));
    switchBuzz.onchange = () => room.device.set("vibrate", switchBuzz.checked);
    if (!navigator.vibrate) switchBuzz.parentElement.hidden = true;
  }
  const list = () => { if (dialog && !dialog.open) dialog.showModal(); };
  if (dialog) room.at("show-keys").onclick = list;

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const sheet = event.target.closest?.("details.ask[open], details.point[open]") || document.querySelector("details.point[open]");
      if (sheet) { sheet.open = false; sheet.querySelector("summary").focus({ preventScroll: true }); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]")) return;
    if (event.key === "?" && dialog) { event.preventDefault(); return list(); }
    if (!on() || event.key.length !== 1) return;
    const name = event.key.toLowerCase();
    const found = [...document.querySelectorAll(`[data-key~="${CSS.escape(name)}"]`)].find((one) => one.offsetParent || (one.matches("details:not([open]) :is(input, select, textarea)") && !one.closest("[hidden]")));
    if (!found) return;
    event.preventDefault();
    if (found.matches("input, select, textarea")) { found.closest("details")?.setAttribute("open", ""); found.focus(); found.scrollIntoView({ block: "nearest" }); }
    else { found.focus({ preventScroll: true }); found.click(); }
  });

  // A sheet closes when something else is touched.
  document.addEventListener("click", (event) => {
    for (const sheet of document.querySelectorAll("details.ask[open], details.point[open]")) if (!sheet.contains(event.target)) sheet.open = false;
  });

  let lock = null;
  const stayAwake = async () => {
    const shown = room.at("awake");
    if (!navigator.wakeLock) { if (shown) shown.textContent = room.words("asleep"); return; }
    if (document.visibilityState !== "visible" || room.page.phase === "ended" || (lock && !lock.released)) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      if (shown) shown.textContent = room.words("awake");
    } catch { if (shown) shown.textContent = room.words("asleep"); }
  };
  document.addEventListener("visibilitychange", stayAwake);
  document.addEventListener("pointerup", stayAwake, { once: true });
  stayAwake();
}
