// The faults that can be switched on, the security check, and what is wrong with the function or the playground.

import { $, button, h } from "./dom.js";
import { act, state, watch } from "./store.js";

/** Offer every switch, group by group; which are on is drawn later. */
export function layOutSwitches(switches) {
  for (const group of new Set(switches.map((each) => each.group))) {
    const some = switches.filter((each) => each.group === group).map(one);
    $("switches").append(h("fieldset", {}, h("legend", {}, group), ...some));
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
    h("label", { for: box.id }, label),
    h("input", { ...box, onchange: () => order(state.numbered) }),
    h("p", { id: `text-${id}` }, text),
  );
}

/** Offer each fault of each route, with how long and how often. */
export function layOutNumbers(routes, timed) {
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
  watchNumbers(timed);
}

function watchNumbers(timed) {
  let drawn;
  watch(() => {
    if (drawn === state.numbered) return;
    drawn = state.numbered;
    $("numbered").replaceChildren(...drawn.map((each) => {
      const seconds = timed.includes(each.fault) ? ` ${each.seconds} s` : "";
      const times = each.route === "function" ? "" : each.times ? ` × ${each.times}` : ", always";
      const text = `${each.route}: ${each.fault}${seconds}${times}`;
      const take = {
        class: "text-button",
        "aria-label": `Remove ${text}`,
        onclick: () => order(drawn.filter((other) => other !== each)),
      };
      return h("li", {}, text, " ", button(take, "Remove"));
    }));
  });
}

let drawn;

export function drawSwitches() {
  const now = [state.on, state.numbered].flat();
  if (drawn?.length === now.length && now.every((each, index) => each === drawn[index])) return;
  drawn = now;
  for (const box of boxes()) box.checked = state.on.includes(box.value);
  document.querySelector('.views [data-view="faults"]').textContent = now.length ? `Faults (${now.length})` : "Faults";
}

const MARKS = { true: ["passed", "✓", "right"], false: ["missed", "✗", "wrong"], null: ["", "–", "never met"] };

function verdict(right, name, got, ...more) {
  const [kind, sign, label] = MARKS[right];
  const mark = h("span", { class: "mark", role: "img", "aria-label": label }, sign);
  return h("li", { class: kind }, mark, h("span", { class: "name" }, name), h("span", { class: "got" }, got), ...more);
}

export function drawVerdicts(verdicts) {
  $("verdicts").replaceChildren(
    ...verdicts.map(({ passed, name, got, right, cure }) =>
      verdict(passed, name, got, cure && h("p", { class: "cure" }, `Right would be ${right}. ${cure}`))
    ),
  );
}

let played;

$("play").addEventListener("click", () => act("faults", { stop: played.of > 0 }));

/** What became of each fault so far. */
export function drawPlayed() {
  if (state.played === played) return;
  const { of, verdicts } = played = state.played;
  const right = verdicts.filter((each) => each.right).length,
    wrong = verdicts.filter((each) => each.right === false).length;
  $("play").textContent = of ? "Stop" : "Play every fault";
  $("progress").textContent = of
    ? `${verdicts.length} of ${of} played; what is sent meanwhile meets the faults, too.`
    : verdicts.length
    ? `${right} of ${verdicts.length} as they should be, ${wrong} not.`
    : "One after the other, each with its verdict: a bit more than a minute.";
  $("reports").hidden = of > 0 || !verdicts.length;
  const list = $("played");
  if (list.children.length > verdicts.length) list.replaceChildren();
  for (const each of verdicts.slice(list.children.length)) list.append(verdict(each.right, each.name, each.told));
}

let told;

/** Say that the function has ended, with its last words and what can be done. */
export function drawTrouble() {
  $("offline").hidden = !state.offline;
  if (state.trouble === told) return;
  told = state.trouble;
  $("notice").hidden = !told;
  if (!told) return $("notice").replaceChildren();
  if (!told.ours) {
    return $("notice").replaceChildren(h("p", {}, "Nothing listens there any more: this page waits for it."));
  }
  $("notice").replaceChildren(
    h(
      "p",
      {},
      told.gone
        ? "The function has ended, and does not start. It is tried again when you save a file."
        : "The function ended, and was started again.",
    ),
    told.words && h("pre", { tabindex: "0", "aria-label": "Its last words" }, told.words),
    button({ class: "secondary", onclick: () => act("mend") }, told.gone ? "Start it again" : "Close"),
  );
}
