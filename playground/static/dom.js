// Elements, requests and times: what all the other modules share.

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

/** Let a list have these children; what is in its place already is not touched, so that it keeps the focus. */
export function arrange(list, children) {
  for (const gone of [...list.children].filter((each) => !children.includes(each))) gone.remove();
  children.forEach((child, index) => {
    if (list.children[index] !== child) list.insertBefore(child, list.children[index]);
  });
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

export const milliseconds = (value) => (value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${Math.round(value)} ms`);

export const clock = (value) => new Date(value).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
