// The wire: every HTTP exchange of one interaction on the scale of Discord's 3 s, or of what it took.

import { copies } from "./copy.js";
import { $, arrange, h, milliseconds } from "./dom.js";
import { setup } from "./setup.js";
import { sent, state } from "./store.js";

const LIMIT = 3000;
const LONGEST = 15 * 60_000; // ms that a token lives
const TICK = 200; // ms between two looks at what is still open
const STEPS = [500, 2000, 5000, 15_000, 60_000, 180_000]; // ms between two marks of the ruler
const MARKS = 7;
const SIGNS = { discord: "Discord", function: setup.bot, bucket: "Bucket" };
const NAMES = {
  interaction: "the signed request",
  edit: "edit of @original",
  delete: "delete of @original",
  get: "get of @original",
};
const SIGNED = "Signature: valid, by the application's key over the timestamp and the body";
const FORGED = "Signature: forged, it is not the application's key's over the timestamp and the body";
const THERE = "already there: the same recipe has drawn it before";

const opened = new Set(); // exchanges whose headers and bodies are shown
const items = new Map(); // by exchange: what it was drawn from, and the list's item
const ruler = h("div", { class: "ruler", "aria-hidden": "true" }), list = h("ol");
const chart = h("div", { class: "chart" }, ruler, list);
let drawn, only, listed, timer, rows;

export function drawWire() {
  offer();
  if (state.wire === drawn && state.chosen.only === only) return;
  if (state.wire?.id !== drawn?.id) [opened, items].forEach((each) => each.clear());
  drawn = state.wire;
  only = state.chosen.only;
  show();
}

/** List the interactions to choose from, the newest first. */
function offer() {
  const all = sent().reverse();
  const options = all.map((each) => h("option", { value: each.id }, `${each.pressed || each.command} · ${each.user}`));
  const now = options.map((each) => each.outerHTML).join();
  if (now !== listed) $("which").replaceChildren(...options);
  listed = now;
  Object.assign($("which"), { value: state.chosen.selected, disabled: all.length === 0 });
}

/** Say what the function has asked Discord for in vain, whichever interaction it was for. */
export function drawUnplayed() {
  $("unplayed").replaceChildren(...state.unplayed.map((each) => h("p", { class: "refused" }, each)));
}

function show() {
  clearTimeout(timer);
  $("unsent").hidden = Boolean(drawn);
  if (!drawn) return $("exchanges").replaceChildren();
  rows = [...drawn.exchanges, ...drawing(drawn)].sort((a, b) => a.started - b.started);
  const focused = [...items].find(([, { item }]) => item.contains(document.activeElement))?.[0];
  arrange(list, rows.filter(isWanted).map(itemOf));
  arrange($("exchanges"), [facts(drawn), h("p", { class: "intro" }, seen(drawn)), chart, ...said(drawn)]);
  const { item } = items.get(focused) ?? {};
  if (item && !item.contains(document.activeElement)) item.querySelector("summary")?.focus({ preventScroll: true });
  lay();
}

/** Lay all of it out on one scale, again and again while an exchange is open: no element is made anew for that. */
function lay() {
  const now = Math.min(Date.now() - drawn.created, LONGEST);
  const scale = Math.max(LIMIT, ...rows.map((row) => row.ended ?? now)) * 1.08;
  chart.style.setProperty("--now", now);
  chart.style.setProperty("--scale", scale);
  ruler.replaceChildren(...marks(scale));
  if (rows.some((row) => row.ended === null) && now < LONGEST) timer = setTimeout(lay, TICK);
}

/** What the function has said meanwhile: a traceback of its log, what it printed, its log line. */
function said({ log, printed }) {
  const [, ...traceback] = log?.message?.split("\n") ?? [];
  const part = (title, lines) =>
    lines.length > 0 &&
    h("div", { class: "half" }, h("p", { class: "line" }, title), h("pre", { tabindex: "0" }, lines.join("\n")));
  return [
    part(traceback.at(-1), traceback),
    part("What the function printed, until the next was sent", printed),
    log &&
    h("details", { class: "log" }, h("summary", {}, "The function's log line"), code("Log", JSON.stringify(log))),
  ].filter(Boolean);
}

/** What the function did in between, as its log line tells: before the edit the upload, before that the drawing. */
function drawing({ log, exchanges }) {
  const edit = exchanges.find((each) => each.kind === "edit");
  if (!log?.make_ms || !edit) return [];
  const ended = edit.started - (log.upload_ms ?? 0);
  return [{ kind: "draws", started: ended - log.make_ms, ended }];
}

/** How an exchange ended: in what words, good or bad. */
function verdict({ status, ended, fault, kind }) {
  if (ended === null) return ["open", ""];
  if (status === null) return [fault.endsWith("hang") ? "gave up" : "broken", "bad"];
  const there = status === 412 && kind === "upload";
  return [String(status), status < 300 || there ? "good" : "bad", there && THERE];
}

function isWanted(row) {
  if (only === "all") return true;
  if (only !== "failures") return row.source === only || row.target === only;
  return row.source && (row.refused || row.fault || verdict(row)[1] === "bad"); // what is drawn has no source, nor fails
}

/** Return an exchange's item of the list, which stays the same while nothing changes. */
function itemOf(row) {
  const key = `${row.kind} ${row.started}`, from = JSON.stringify(row);
  if (items.get(key)?.from !== from) items.set(key, { from, item: exchange(row, key) });
  return items.get(key).item;
}

function exchange(row, key) {
  const [words, how, note] = row.source ? verdict(row) : ["", ""];
  const bar = h("span", { class: `bar ${row.kind} ${how}` });
  bar.style.setProperty("--from", Math.max(0, row.started));
  if (row.ended !== null) bar.style.setProperty("--to", row.ended);
  const head = [
    h("span", { class: "way" }, row.source ? `${SIGNS[row.source]} → ${SIGNS[row.target]}` : setup.bot),
    h("span", { class: "what" }, NAMES[row.kind] ?? row.kind),
    words && h("span", { class: `status ${how}` }, words),
    h("span", { class: "note took" }, span(row)),
    h("span", { class: "lane", "aria-hidden": "true" }, bar),
    row.fault && h("span", { class: "fault" }, `Fault ${row.fault}`),
    note
      ? h("span", { class: "remark" }, note)
      : row.refused && h("span", { class: "refused" }, `Refused: ${row.refused}`),
    ...(row.notes ?? []).map((each) => h("span", { class: "remark" }, `Noted: ${each}`)),
  ];
  if (!row.source) return h("li", { class: "exchange inner" }, h("div", { class: "head" }, ...head));
  const details = h("details", { open: opened.has(key) }, h("summary", { class: "head" }, ...head));
  const fill = () => details.open && details.children.length === 1 && details.append(...halves(row));
  details.addEventListener("toggle", () => {
    opened[details.open ? "add" : "delete"](key);
    fill();
  });
  fill();
  return h("li", { class: "exchange" }, details);
}

/** From when to when, in one unit: "22–25 ms". */
function span({ started, ended }) {
  const from = Math.max(0, started);
  if (ended === null) return `${milliseconds(from)} – …`;
  const seconds = (value) => (value / 1000).toFixed(2);
  return ended < 1000 ? `${Math.round(from)}–${Math.round(ended)} ms` : `${seconds(from)}–${seconds(ended)} s`;
}

function facts({ exchanges, acknowledged, shown, state: now, refusals }) {
  const answer = exchanges.find((each) => each.kind === "interaction" && each.ended !== null);
  const all = {
    Callback: acknowledged === null ? "–" : milliseconds(acknowledged),
    Shown: shown === null ? (now === "failed" ? "never" : "…") : milliseconds(shown),
    Answered: answer ? milliseconds(answer.ended) : "…",
    Refused: String(refusals),
  };
  const bad = (name) => name === "Refused" && refusals ? "bad" : "";
  const one = ([name, value]) => h("div", { class: `note ${bad(name)}` }, h("dt", {}, name), h("dd", {}, value));
  return h("dl", { class: "facts" }, ...Object.entries(all).map(one));
}

/** What a user of Discord has seen of it. */
function seen({ user, acknowledged, shown, state: now, updates, lost, modal }) {
  if (now === "failed") return `${user} read “The application did not respond” after 3 s.`;
  if (acknowledged === null) return `${user} sees “Sending command…”.`;
  if (modal) return `${user} saw the form after ${milliseconds(acknowledged)}.`;
  if (shown === acknowledged) return `${user} read the answer after ${milliseconds(shown)}.`;
  if (updates && shown === null) return `${user} sees no change yet: the press is acknowledged, which shows nothing.`;
  if (updates) return `${user} saw the change after ${milliseconds(shown)}.`;
  if (shown !== null) {
    return `${user} saw “thinking…” after ${milliseconds(acknowledged)} and the answer after ${milliseconds(shown)}.`;
  }
  return `${user} sees “thinking…” since ${milliseconds(acknowledged)}${
    lost ? ", for 15 minutes: the function has ended" : ""
  }.`;
}

function marks(scale) {
  const step = STEPS.find((each) => scale / each <= MARKS) ?? STEPS.at(-1);
  const steps = Array.from({ length: Math.floor(scale / step) + 1 }, (_, index) => index * step);
  return [...new Set([...steps, LIMIT])].map((at) => {
    const text = at % 1000 === 0 ? (at >= 60_000 ? `${at / 60_000} min` : `${at / 1000} s`) : "";
    const mark = h("span", { class: at === LIMIT ? "limit" : "" }, text);
    mark.style.setProperty("--at", at);
    return mark;
  });
}

// What was sent

function halves(row) {
  const answer = row.status === null ? "No answer" : `Answer ${row.status}`;
  return [
    copies(row, () => drawn),
    row.signature !== undefined &&
    h("p", { class: `line ${row.signature ? "" : "bad"}` }, row.signature ? SIGNED : FORGED),
    half(`${row.method} ${row.url}`, row.request),
    half(answer, row.response),
  ].filter(Boolean);
}

function half(title, { headers, body }) {
  const lines = Object.entries(headers).map(([name, value]) =>
    h("div", {}, h("span", { class: "key" }, `${name}: `), value)
  );
  return h(
    "div",
    { class: "half" },
    h("p", { class: "line" }, title),
    lines.length > 0 &&
      h(
        "details",
        { class: "log" },
        h("summary", {}, `${lines.length} headers`),
        h("pre", { tabindex: "0", "aria-label": "Headers" }, ...lines),
      ),
    code(title, body || "(nothing)"),
  );
}

/** A body, JSON as a tree whose branches fold. */
function code(title, body) {
  let value = body;
  try {
    value = tree(JSON.parse(body), 0);
  } catch { /* no JSON: shown as it is */ }
  return h("pre", { tabindex: "0", "aria-label": title }, value);
}

const UNFOLDED = 4; // levels

function tree(value, depth, name) {
  const key = name && h("span", { class: "key" }, `${name}: `);
  if (value === null || typeof value !== "object") {
    return h("div", {}, key, h("span", { class: typeof value }, JSON.stringify(value)));
  }
  const list = Array.isArray(value), entries = Object.entries(value);
  const summary = h("summary", {}, key, list ? `[ ${entries.length} ]` : `{ ${entries.length} }`);
  const branches = entries.map(([each, inner]) => tree(inner, depth + 1, !list && each));
  return h("details", { class: "tree", open: depth < UNFOLDED }, summary, ...branches);
}
