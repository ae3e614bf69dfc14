// The components of a message: what is told in them, and what can be pressed or chosen.

import { $, button, h } from "./dom.js";
import { markdown } from "./markdown.js";
import { setup } from "./setup.js";

const STRING_SELECT = 3;
const LINK = 5, LARGE = 2; // a button's style, a separator's spacing
const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger" };
const PEOPLE = setup.users.map(({ id, global_name }) => ({ value: id, label: global_name }));
const CHANNELS = [{ value: setup.channel.id, label: `#${setup.channel.name}` }];
const CHOICES = { 5: PEOPLE, 6: [], 7: PEOPLE, 8: CHANNELS }; // by the type of a select; there are no roles here
const ATTACHED = "attachment://";

/** Where the page finds a picture or file of a message. */
export function source({ media }, url) {
  return url.startsWith(ATTACHED)
    ? `${media}/${encodeURIComponent(url.slice(ATTACHED.length))}`
    : `${media}?url=${encodeURIComponent(url)}`;
}

/** A picture that opens large. */
export function image(from, alt) {
  const onclick = () => {
    Object.assign($("large-picture"), { src: from, alt });
    $("large-text").textContent = alt;
    $("large").showModal();
  };
  const name = alt ? `${alt} (opens large)` : "Open the picture";
  return button(
    { class: "picture", "data-focus": "picture", onclick, title: alt, "aria-label": name },
    h("img", { src: from, alt, width: 1024, height: 1024 }),
    alt && h("span", { class: "alt", "aria-hidden": "true" }, "ALT"),
  );
}

/** Draw a message's components; press(custom_id, values) is called for what is pressed or chosen, busy says which are. */
export function components(message, busy, press) {
  const drawers = {
    1: ({ components }) => h("div", { class: "row" }, ...components.map(one)),
    2: (each) => pressable(each, busy, press),
    9: ({ components, accessory }) =>
      h("div", { class: "section" }, h("div", {}, ...components.map(one)), one(accessory)),
    10: ({ content }) => h("p", { class: "text" }, ...markdown(content)),
    11: thumbnail,
    12: ({ items }) => h("div", { class: "gallery" }, ...items.map(thumbnail)),
    13: ({ file }) => link(message, file.url),
    14: ({ divider, spacing }) =>
      h("hr", { class: `${divider === false ? "bare" : ""} ${spacing === LARGE ? "large" : ""}` }),
    17: container,
  };
  function one(each) {
    if (optionsOf(each)) return select(each, press);
    return drawers[each.type]?.(each) ??
      h("p", { class: "error" }, `This page cannot show a component of type ${each.type}.`);
  }
  function thumbnail({ media, description }) {
    return image(source(message, media.url), description ?? "");
  }
  function container({ components, accent_color }) {
    const box = h("div", { class: "embed" }, ...components.map(one));
    if (accent_color != null) box.style.borderLeftColor = colour(accent_color);
    return box;
  }
  return message.components.map(one);
}

/** What a select offers; undefined for what is none. */
export const optionsOf = ({ type, options }) => type === STRING_SELECT ? options : CHOICES[type];

export const colour = (number) => `#${number.toString(16).padStart(6, "0")}`;

function link(message, url) {
  const name = url.split("/").at(-1);
  return h("p", { class: "embed" }, h("a", { href: source(message, url), download: name }, name));
}

function pressable({ custom_id, style, disabled, emoji, label, url }, busy, press) {
  const icon = emoji && h("span", { class: "emoji", "aria-hidden": label ? "true" : null }, emoji.name);
  if (style === LINK) {
    return h("a", { class: "secondary", href: url, target: "_blank", rel: "noopener noreferrer" }, icon, label, " ↗");
  }
  const state = { disabled, "aria-busy": busy.has(custom_id) ? "true" : null };
  const onclick = () => press(custom_id);
  return button({ class: STYLES[style], "data-focus": custom_id, ...state, onclick }, icon, label);
}

/** A select: a list that opens, in which one is taken at a press, or some are ticked and sent together. */
function select(component, press) {
  const { custom_id, placeholder, min_values, max_values, disabled } = component;
  const title = placeholder ?? "Make a selection";
  if (disabled) return h("p", { class: "select muted" }, title);
  const several = max_values > 1 || min_values === 0;
  const list = h(
    "div",
    { class: "options", tabindex: "-1" },
    ...optionsOf(component).map(several ? tick : take),
    several && done(),
  );
  const box = h("details", { class: "select" }, h("summary", { "data-focus": custom_id }, title), list);
  box.addEventListener("toggle", () => box.open && list.scrollIntoView({ block: "nearest" }));
  const close = () => {
    box.open = false;
    box.firstChild.focus();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.open) return;
    event.stopPropagation();
    close();
  });
  box.addEventListener("focusout", ({ relatedTarget }) => {
    if (!box.contains(relatedTarget)) box.open = false;
  });
  function choose(values) {
    close();
    press(custom_id, values);
  }
  function take({ value, ...shown }) {
    return button({ onclick: () => choose([value]) }, ...option(shown));
  }
  function tick({ value, default: ticked, ...shown }) {
    return h("label", {}, h("input", { type: "checkbox", value, checked: ticked === true }), ...option(shown));
  }
  function done() {
    const onclick = () => choose([...list.querySelectorAll(":checked")].map((each) => each.value));
    return button({ class: "primary", onclick }, "Done");
  }
  return box;
}

function option({ label, description, emoji }) {
  return [
    emoji && h("span", { class: "emoji", "aria-hidden": "true" }, emoji.name),
    h("span", {}, label, description && h("small", {}, description)),
  ];
}
