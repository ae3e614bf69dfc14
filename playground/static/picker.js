// The list above the message box: what can be picked for the field that has the focus.

import { $, h } from "./dom.js";

const LOADING = "Loading options…";

export class Picker {
  constructor() {
    this.close();
    $("picker").addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
  }

  get isOpen() {
    return !$("picker").hidden;
  }
  get marked() {
    return this.items[this.active];
  }

  /** Offer items, {name, description, pick}, with one of them marked; a note says why there are none. */
  open(title, items, active, note = "", isWrong = false) {
    this.items = items;
    $("picker-title").textContent = title;
    $("picker-list").replaceChildren(...items.map(row));
    this.show(note, isWrong);
    this.mark(items.length ? active : -1);
  }

  /** Say that others are on their way: what is listed under the same title stays to be seen, and nothing is marked. */
  wait(title) {
    if (!this.isOpen || $("picker-title").textContent !== title) this.open(title, [], -1);
    this.mark(-1);
    this.items = [];
    this.show($("picker-list").children.length ? "" : LOADING);
    $("picker-list").ariaBusy = "true";
  }

  show(note, isWrong = false) {
    const hasRows = $("picker-list").children.length > 0;
    $("picker-list").hidden = !hasRows;
    $("picker-list").ariaBusy = null;
    $("picker-note").hidden = !note;
    $("picker-note").textContent = note;
    $("picker-note").classList.toggle("error", isWrong);
    $("picker").hidden = false;
    document.activeElement.setAttribute("aria-expanded", hasRows);
  }

  step(by) {
    const count = this.items.length;
    this.mark(this.active < 0 ? (by > 0 ? 0 : count - 1) : (this.active + by + count) % count);
  }

  mark(index) {
    this.active = index;
    const field = document.activeElement;
    [...$("picker-list").children].forEach((child, each) => child.setAttribute("aria-selected", each === index));
    if (index < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", `pick-${index}`);
    $("picker-list").children[index].scrollIntoView({ block: "nearest" });
  }

  close() {
    Object.assign(this, { items: [], active: -1 });
    $("picker").hidden = true;
    for (const field of $("draft").querySelectorAll("input")) {
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }
  }
}

function row({ name, description, pick }, index) {
  return h(
    "li",
    { role: "option", id: `pick-${index}`, "aria-selected": "false", onclick: pick },
    h("span", { class: "name" }, name),
    description && h("span", { class: "text" }, description),
  );
}
