// Elements, requests and small texts: what all the other modules share.

export const $ = (id) => document.getElementById(id);

/** Make an element: h("button", {class: "x", onclick: f}, "text", child, …); a null child is left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false && child !== ""));
  return element;
}

export const button = (attributes, ...children) => h("button", { type: "button", ...attributes }, ...children);

async function answer(path, request) {
  const answer = await fetch(path, request);
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
  return told;
}

export const get = (path) => answer(path);
export const post = (path, body) =>
  answer(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const PARTS = /(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*|\[[^\]]+\]\(https?:[^\s)]+\)|^#{1,3} .+\n?|<@\d+>)/m;

export const people = new Map(); // their names by id

/** Discord's small markdown as nodes: `code`, **bold**, *italic*, [a link](https://…), # a heading and a mention. */
export function markdown(text) {
  return String(text).split(PARTS).map((part) => {
    const [, words, url] = part.match(/^\[(.+)\]\((.+)\)$/) ?? [];
    if (url) return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words);
    if (/^#{1,3} /.test(part)) return h("strong", { class: "heading-text" }, part.replace(/^#+ /, "").trim());
    if (/^`.+`$/s.test(part)) return h("code", {}, part.slice(1, -1));
    if (/^\*\*.+\*\*$/s.test(part)) return h("strong", {}, part.slice(2, -2));
    if (/^\*.+\*$/s.test(part)) return h("em", {}, part.slice(1, -1));
    if (/^<@\d+>$/.test(part)) {
      return h("span", { class: "mention" }, `@${people.get(part.slice(2, -1)) ?? "unknown-user"}`);
    }
    return part;
  });
}

export const milliseconds = (value) => (value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${Math.round(value)} ms`);

export const clock = (value) => new Date(value).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
