// A modal, as the function has sent it: its labels, texts and selects, and what became of it once it was submitted.

import { optionsOf } from "./components.js";
import { $, h } from "./dom.js";
import { markdown } from "./markdown.js";
import { act, state } from "./store.js";

const ROW = 1, TEXT_INPUT = 4, TEXT_DISPLAY = 10, LABEL = 18, PARAGRAPH = 2;
const FAILED = "Something went wrong. Try again.";

let awaited, shown, submitted;
let opener = ""; // a selector: the message may be drawn anew meanwhile

/** Open the modal of this interaction as soon as there is one. */
export function awaitModal(id) {
  awaited = id;
  drawModal();
}

export function drawModal() {
  const opened = state.entries.get(awaited), sent = state.entries.get(submitted);
  if (opened?.modal) {
    awaited = null;
    open(opened);
  }
  if (!sent || sent.state === "sent") return;
  submitted = null;
  if (sent.state === "failed") say(FAILED);
  else $("modal").close();
}

function open({ id, modal }) {
  const { dataset } = document.activeElement, message = document.activeElement.closest("article")?.dataset.message;
  opener = `[data-message="${message}"] [data-focus="${CSS.escape(dataset.focus ?? "")}"]`;
  shown = id;
  say("");
  $("modal-title").textContent = modal.title;
  $("modal-fields").replaceChildren(...modal.components.flatMap(fields));
  $("modal").showModal();
}

function fields({ type, content, label, description, component, components }) {
  if (type === TEXT_DISPLAY) return h("p", {}, ...markdown(content));
  if (type === ROW) return components.map((each) => field(each.label, null, each)); // as it was before there were labels
  return type === LABEL ? field(label, description, component) : unknown(type);
}

const unknown = (type) => h("p", { class: "error" }, `This page cannot show a component of type ${type}.`);

function field(label, description, component) {
  const { type, custom_id: name, required } = component;
  const isText = type === TEXT_INPUT;
  if (!isText && !optionsOf(component)) return unknown(type);
  const id = `field-${name}`, described = description && `${id}-text`;
  const attributes = {
    id,
    name,
    required: required !== false,
    "aria-describedby": described,
    placeholder: component.placeholder,
  };
  const input = (isText ? textInput : select)(component, attributes);
  const star = required !== false && h("span", { class: "star", "aria-hidden": "true" }, " *");
  const text = description && h("p", { id: described }, description);
  return h("div", { class: "field" }, h("label", { for: id, class: "name" }, label, star), text, input);
}

function textInput({ style, value, min_length, max_length }, attributes) {
  const all = { ...attributes, minlength: min_length, maxlength: max_length, autocomplete: "off" };
  if (style === PARAGRAPH) return h("textarea", { ...all, rows: 4 }, value);
  return h("input", { ...all, value });
}

function select(component, attributes) {
  const { placeholder, min_values, max_values } = component, options = optionsOf(component);
  const one = ({ value, label, default: selected }) => h("option", { value, selected: selected === true }, label);
  const none = (attributes.required === false || min_values === 0 || !options.some((each) => each.default)) &&
    !(max_values > 1) && h("option", { value: "" }, placeholder ?? "–");
  return h("select", { ...attributes, multiple: max_values > 1 }, none, ...options.map(one));
}

const valueOf = (field) =>
  field.matches("select") ? [...field.selectedOptions].map((each) => each.value).filter(Boolean) : field.value;

function say(text) {
  $("modal-error").textContent = text;
}

$("modal").addEventListener("close", () => {
  const { activeElement: now } = document; // the modal's own field until the browser has drawn the page again
  if (now === document.body || $("modal").contains(now)) (document.querySelector(opener) ?? $("messages")).focus();
});
$("modal").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (submitted) return;
  submitted = "on its way";
  say("");
  const fields = [...$("modal-fields").querySelectorAll("[name]")];
  const typed = Object.fromEntries(fields.map((each) => [each.name, valueOf(each)]));
  try {
    submitted = (await act("submit", { id: shown, typed })).id;
    drawModal();
  } catch (error) {
    submitted = null;
    say(error.message);
  }
});
