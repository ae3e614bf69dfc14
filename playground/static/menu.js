// The context menu of a message or a person: by right click, by a long press of the thumb, by the menu key.

import { $, button, h } from "./dom.js";

const LONG = 500; // ms that a thumb rests
const STILL = 10; // px that it may move meanwhile
const NONE = "The bot has no command for it.";

/** Open items(element) wherever one is asked for on an element of this list. */
export function onMenu(list, items) {
  let timer, from;
  const open = (event, x, y) => {
    const target = event.target.closest("[data-person], article");
    if (!target) return;
    event.preventDefault();
    show(x, y, target.dataset.person ?? "Message", items(target));
  };
  list.addEventListener("contextmenu", (event) => open(event, event.clientX, event.clientY));
  list.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-person], .more");
    if (opener) below(opener, event);
  });
  list.addEventListener("keydown", (event) => {
    if (event.key === "ContextMenu" || (event.shiftKey && event.key === "F10")) below(event.target, event);
  });
  const below = (element, event) => {
    const { left, bottom } = element.getBoundingClientRect();
    open(event, left, bottom);
  };
  list.addEventListener("pointerdown", (event) => {
    clearTimeout(timer);
    from = event;
    if (event.pointerType === "touch") timer = setTimeout(() => open(from, from.clientX, from.clientY), LONG);
  });
  const moved = ({ clientX, clientY }) => Math.hypot(clientX - from?.clientX, clientY - from?.clientY) > STILL;
  list.addEventListener("pointermove", (event) => moved(event) && clearTimeout(timer));
  for (const end of ["pointerup", "pointercancel"]) list.addEventListener(end, () => clearTimeout(timer));
}

let opener;

function close() {
  if (!$("menu").matches(":popover-open")) return;
  const inside = $("menu").contains(document.activeElement);
  $("menu").hidePopover();
  if (inside) opener?.focus({ preventScroll: true });
}

/** items are [name, what it does]; what has the focus gets it back. */
function show(x, y, title, items) {
  const menu = $("menu");
  const buttons = items.map(([name, act]) =>
    button({
      role: "menuitem",
      onclick: () => {
        close();
        act();
      },
    }, name)
  );
  menu.ariaLabel = title;
  menu.replaceChildren(h("p", { class: "caption", "aria-hidden": "true" }, title), ...buttons);
  if (!buttons.length) menu.append(h("p", { class: "note" }, NONE));
  close();
  opener = document.activeElement;
  menu.showPopover();
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - menu.offsetHeight - 8))}px`;
  (buttons[0] ?? menu).focus();
}

$("menu").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const items = [...$("menu").querySelectorAll("button")];
  if (event.key === "Tab" || event.key === "Escape") close();
  if (!step || !items.length) return;
  event.preventDefault();
  items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
});
// Not light-dismissed by the browser: that would close it as the thumb that has rested is lifted.
document.addEventListener("pointerdown", (event) => $("menu").contains(event.target) || close());
