// The wire: every HTTP exchange of one interaction on the scale of Discord's 3 s.

import { $, get, h, milliseconds } from "./dom.js";

const LIMIT = 3000;
const SIGNS = { discord: "Discord", function: "mando", bucket: "Bucket" };
const NAMES = {
  interaction: "the signed request",
  callback: "callback",
  edit: "edit of @original",
  delete: "delete of @original",
  get: "get of @original",
  upload: "upload",
};

export class Wire {
  constructor() {
    this.id = null;
    this.opened = new Set();
    $("which").addEventListener("change", () => this.select($("which").value));
    this.draw();
  }

  /** Show this interaction; until it is over, look again and again. */
  select(id) {
    this.id = id;
    this.opened.clear();
    this.refresh();
  }

  /** List the interactions to choose from; the newest is shown until another is chosen. */
  offer(entries) {
    const key = JSON.stringify(entries.map((each) => [each.id, each.state]));
    if (key !== this.key) {
      this.key = key;
      $("which").replaceChildren(
        ...[...entries].reverse().map((each) =>
          h("option", { value: each.id }, `${each.pressed || each.command} · ${each.user} · ${each.state}`)
        ),
      );
    }
    if (!this.id && entries.length) this.id = entries.at(-1).id;
    if (this.id) $("which").value = this.id;
    $("which").disabled = entries.length === 0;
    this.refresh();
  }

  async refresh() {
    if (!this.id) return;
    clearTimeout(this.timer);
    const id = this.id;
    let told;
    try {
      told = await get(`/api/wire/${id}`);
    } catch {
      return;
    }
    if (id !== this.id) return;
    clearTimeout(this.timer);
    this.draw(told);
    const over = (told.state === "failed" || told.shown !== null) && told.log &&
      told.exchanges.every((each) => each.ended !== null);
    const age = Date.now() - told.created;
    if (!over && age < 60000) this.timer = setTimeout(() => this.refresh(), age < 10000 ? 120 : 1000);
  }

  draw(told) {
    const key = JSON.stringify(told ?? null);
    if (key === this.drawn) return;
    this.drawn = key;
    if (!told) {
      return $("exchanges").replaceChildren(
        h(
          "p",
          { class: "intro" },
          "Send a /mando: every request it causes is shown here, with its times, headers and bodies, and what Discord would have refused.",
        ),
      );
    }
    const rows = [...told.exchanges, ...work(told)].sort((a, b) => a.started - b.started);
    const now = Date.now() - told.created;
    const last = Math.max(0, ...rows.map((row) => row.ended ?? Math.min(now, 60000)));
    const scale = Math.max(LIMIT, last) * 1.08;
    const chart = h(
      "div",
      { class: "chart" },
      ruler(scale),
      h("ol", {}, ...rows.map((row, index) => this.row(row, index, scale, now))),
    );
    chart.style.setProperty("--limit", `${(LIMIT / scale) * 100}%`);
    $("exchanges").replaceChildren(
      summary(told),
      chart,
      told.log
        ? h(
          "details",
          { class: "log" },
          h("summary", {}, "The function's log line"),
          h("pre", { tabindex: "0" }, JSON.stringify(told.log, null, 2)),
        )
        : "",
    );
  }

  row(row, index, scale, now) {
    const bar = h("span", { class: `bar ${row.kind} ${row.source ? statusClass(row) : ""}` });
    bar.style.left = `${(Math.max(0, row.started) / scale) * 100}%`;
    bar.style.width = `${(((row.ended ?? now) - row.started) / scale) * 100}%`;
    const head = [
      h("span", { class: "way" }, row.source ? `${SIGNS[row.source]} → ${SIGNS[row.target]}` : "mando"),
      h("span", { class: "what" }, NAMES[row.kind] ?? row.kind),
      row.source &&
      h("span", { class: `status ${statusClass(row)}` }, row.ended === null ? "open" : row.status ?? "broken"),
      h("span", { class: "took" }, span(row)),
      h("span", { class: "lane", "aria-hidden": "true" }, bar),
      row.fault && h("span", { class: "fault" }, `Fault ${row.fault}`),
      row.refused && h("span", { class: `refused ${statusClass(row)}` }, `Refused: ${row.refused}`),
    ];
    if (!row.source) return h("li", { class: "exchange inner" }, h("div", { class: "head" }, ...head.filter(Boolean)));
    const id = `${row.kind}-${row.started}-${index}`;
    const details = h(
      "details",
      { open: this.opened.has(id) },
      h("summary", { class: "head" }, ...head.filter(Boolean)),
      half(`${row.method} ${row.url}`, row.request),
      half(row.status === null ? "No answer" : `Answer ${row.status}`, row.response),
    );
    details.addEventListener("toggle", () => {
      this.opened[details.open ? "add" : "delete"](id);
    });
    return h("li", { class: "exchange" }, details);
  }
}

/** From when to when, in one unit: "22–25 ms". */
function span({ started, ended }) {
  const [from, to] = [Math.max(0, started), ended];
  if (to === null) return `${milliseconds(from)} – …`;
  return to < 1000
    ? `${Math.round(from)}–${Math.round(to)} ms`
    : `${(from / 1000).toFixed(2)}–${(to / 1000).toFixed(2)} s`;
}

const statusClass = (
  row,
) => (row.status === null
  ? (row.ended === null ? "" : "bad")
  : row.status < 300 || row.status === 412
  ? "good"
  : "bad");

/** What the function did in between, as its log line tells: the edit is its last stage, before it the upload, before it the drawing. */
function work({ log, exchanges }) {
  const edit = exchanges.find((each) => each.kind === "edit");
  if (!log?.make_ms || !edit) return [];
  const ended = edit.started - (log.upload_ms ?? 0);
  return [{ kind: "draws", started: ended - log.make_ms, ended }];
}

function summary(told) {
  const answer = told.exchanges.find((each) => each.kind === "interaction" && each.ended !== null);
  const facts = [
    ["Callback", told.acknowledged === null ? "–" : milliseconds(told.acknowledged)],
    ["Shown", told.shown === null ? (told.state === "failed" ? "never" : "…") : milliseconds(told.shown)],
    ["Answered", answer ? milliseconds(answer.ended) : "…"],
    ["Refused", String(told.refusals)],
  ];
  return h(
    "dl",
    { class: "facts" },
    ...facts.map(([name, value]) =>
      h("div", { class: name === "Refused" && told.refusals ? "bad" : "" }, h("dt", {}, name), h("dd", {}, value))
    ),
  );
}

function ruler(scale) {
  const step = scale > 12000 ? 5000 : scale > 6000 ? 2000 : 500;
  const marks = [];
  for (let at = 0; at <= scale; at += step) marks.push(at);
  if (!marks.includes(LIMIT)) marks.push(LIMIT);
  return h(
    "div",
    { class: "ruler", "aria-hidden": "true" },
    ...marks.map((at) => {
      const mark = h(
        "span",
        { class: at === LIMIT ? "limit" : "" },
        at % 1000 === 0 || at === LIMIT ? `${at / 1000} s` : "",
      );
      mark.style.left = `${(at / scale) * 100}%`;
      return mark;
    }),
  );
}

function half(title, { headers, body }) {
  return h(
    "div",
    { class: "half" },
    h("p", { class: "line" }, title),
    h(
      "pre",
      { tabindex: "0", "aria-label": title },
      [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), "", pretty(body)].join("\n").trim() ||
        "(nothing)",
    ),
  );
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
