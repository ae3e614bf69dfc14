// The faults that can be switched on, the security check, and what is wrong with the function or the playground.

import { $, button, h } from "./dom.js";
import { setup } from "./setup.js";
import { act, state } from "./store.js";

const { switches, routes, timed } = setup;
const MARKS = { true: ["passed", "✓", "right"], false: ["missed", "✗", "wrong"], null: ["", "–", "never met"] };
const PLAY = "Play every fault", STOP = "Stop";
const FOREIGN = "Nothing listens there any more: this page waits for it.";
const GONE = "The function has ended, and does not start. It is tried again when you save a file.";
const MENDED = "The function ended, and was started again.";

// Switches, and faults with numbers

/** Offer every switch, group by group; which are on is drawn later. */
export function layOutSwitches() {
  for (const [group, some] of Map.groupBy(switches, (each) => each.group)) {
    $("switches").append(h("fieldset", {}, h("legend", {}, group), ...some.map(one)));
  }
}

const boxes = (which = "") => [...$("switches").querySelectorAll(`input${which}`)];

function order(numbered) {
  return act("switches", { on: boxes(":checked").map((each) => each.value), numbered });
}

function one({ id, label, text }) {
  const box = { type: "checkbox", role: "switch", value: id, id: `switch-${id}`, "aria-describedby": `text-${id}` };
  return h(
    "div",
    { class: "switch" },
    h("label", { class: "name", for: box.id }, label),
    h("input", { ...box, onchange: () => order(state.numbered) }),
    h("p", { id: `text-${id}` }, text),
  );
}

/** Offer each fault of each route, with how long and how often. */
export function layOutNumbers() {
  const options = (names) => names.map((name) => h("option", { value: name }, name));
  const fill = () => {
    $("fault").replaceChildren(...options(routes[$("route").value]));
    enable();
  };
  const enable = () => {
    $("seconds").disabled = !timed.includes($("fault").value);
    $("times").disabled = $("route").value === "function";
  };
  $("route").append(...options(Object.keys(routes)));
  $("route").addEventListener("change", fill);
  $("fault").addEventListener("change", enable);
  $("numbers").addEventListener("submit", (event) => {
    event.preventDefault();
    const [seconds, times] = [$("seconds").valueAsNumber, $("times").valueAsNumber];
    order([...state.numbered, { route: $("route").value, fault: $("fault").value, seconds, times }]);
  });
  fill();
}

export function drawNumbered() {
  $("numbered").replaceChildren(...state.numbered.map((each) => {
    const text = told(each), onclick = () => order(state.numbered.filter((other) => other !== each));
    return h("li", {}, text, " ", button({ class: "text-button", "aria-label": `Remove ${text}`, onclick }, "Remove"));
  }));
}

function told({ route, fault, seconds, times }) {
  const long = timed.includes(fault) ? ` ${seconds} s` : "";
  const often = route === "function" ? "" : times ? ` × ${times}` : ", always";
  return `${route}: ${fault}${long}${often}`;
}

export function drawSwitches() {
  const count = state.on.length + state.numbered.length;
  for (const box of boxes()) box.checked = state.on.includes(box.value);
  document.querySelector('[data-view="faults"]').textContent = count ? `Faults (${count})` : "Faults";
}

// Verdicts

function verdict(right, name, got, ...more) {
  const [kind, sign, label] = MARKS[right];
  const mark = h("span", { class: "mark", role: "img", "aria-label": label }, sign);
  return h("li", { class: kind }, mark, h("span", {}, name), h("span", { class: "got" }, got), ...more);
}

export function drawVerdicts(verdicts) {
  $("verdicts").replaceChildren(
    ...verdicts.map(({ passed, name, got, right, cure }) =>
      verdict(passed, name, got, cure && h("p", { class: "cure" }, `Right would be ${right}. ${cure}`))
    ),
  );
}

$("play").addEventListener("click", () => act("faults", { stop: state.played.of > 0 }));

/** What became of each fault so far. */
export function drawPlayed() {
  const { of, verdicts } = state.played, list = $("played");
  $("play").textContent = of ? STOP : PLAY;
  $("progress").textContent = progress(of, verdicts);
  $("reports").hidden = of > 0 || !verdicts.length;
  if (list.children.length > verdicts.length) list.replaceChildren();
  for (const each of verdicts.slice(list.children.length)) list.append(verdict(each.right, each.name, each.told));
}

function progress(of, verdicts) {
  const [right, wrong] = [true, false].map((sign) => verdicts.filter((each) => each.right === sign).length);
  if (of) return `${verdicts.length} of ${of} played; what is sent meanwhile meets the faults, too.`;
  if (verdicts.length) return `${right} of ${verdicts.length} as they should be, ${wrong} not.`;
  return "One after the other, each with its verdict: a bit more than a minute.";
}

// Trouble

/** Say that the playground or the function has ended, with its last words and what can be done. */
export function drawTrouble() {
  const { offline, trouble } = state;
  $("offline").hidden = !offline;
  $("notice").hidden = !trouble;
  $("notice").replaceChildren(...(trouble ? notice(trouble) : []));
}

function notice({ ours, gone, words }) {
  if (!ours) return [h("p", {}, FOREIGN)];
  return [
    h("p", {}, gone ? GONE : MENDED),
    words && h("pre", { tabindex: "0", "aria-label": "Its last words" }, words),
    button({ class: "secondary", onclick: () => act("mend") }, gone ? "Start it again" : "Close"),
  ].filter(Boolean);
}
