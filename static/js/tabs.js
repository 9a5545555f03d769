"use strict";
// On a phone the console shows one column at a time. The links work without this script: they jump.
{
  const links = [...document.querySelectorAll("#tabs a")];
  const turn = (name, top) => {
    room.page.tab = name;
    for (const link of links) name === link.dataset.tab ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    if (top) scrollTo({ top: 0 });
  };
  for (const link of links) {
    link.onclick = (event) => {
      event.preventDefault();
      turn(link.dataset.tab, true);
    };
  }
  if (links.length) turn("now", false);
}
