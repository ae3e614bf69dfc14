// The faults that can be switched on, and the security check.

import { $, h } from "./dom.js";

export function drawSwitches(switches, on, change) {
  const key = JSON.stringify(on);
  if ($("switches").dataset.key === key) return;
  $("switches").dataset.key = key;
  if (!$("switches").children.length) {
    const groups = [...new Set(switches.map((each) => each.group))];
    $("switches").append(
      ...groups.map((group) =>
        h(
          "fieldset",
          {},
          h("legend", {}, group),
          ...switches.filter((each) => each.group === group).map((each) => one(each, change)),
        )
      ),
    );
  }
  for (const box of $("switches").querySelectorAll("input")) box.checked = on.includes(box.value);
  document.querySelector('.views [data-view="faults"]').textContent = on.length ? `Faults (${on.length})` : "Faults";
}

function one(each, change) {
  const box = h("input", {
    type: "checkbox",
    role: "switch",
    value: each.id,
    id: `switch-${each.id}`,
    "aria-describedby": `text-${each.id}`,
    onchange: () => change([...$("switches").querySelectorAll("input:checked")].map((checked) => checked.value)),
  });
  return h(
    "div",
    { class: "switch" },
    h("label", { for: box.id }, each.label),
    box,
    h("p", { id: `text-${each.id}` }, each.text),
  );
}

export function drawVerdicts(verdicts) {
  $("verdicts").replaceChildren(
    ...verdicts.map((each) =>
      h(
        "li",
        { class: each.passed ? "passed" : "missed" },
        h(
          "span",
          { class: "mark", role: "img", "aria-label": each.passed ? "right" : "wrong" },
          each.passed ? "✓" : "✗",
        ),
        h("span", { class: "name" }, each.name),
        h("span", { class: "got" }, each.got),
        each.cure && h("p", { class: "cure" }, `Right would be ${each.right}. ${each.cure}`),
      )
    ),
  );
}
