// What the page knows: the playground's news, and what its user has chosen, which outlives a reload.

import { get, post } from "./dom.js";

const saved = JSON.parse(localStorage.getItem("chosen") ?? "{}");

export const state = {
  entries: new Map(), // of interactions by id, oldest first
  on: [], // switches
  numbered: [], // faults with numbers
  trouble: null, // the function's
  unplayed: [], // what it asked Discord for, and this playground does not know
  played: { of: 0, verdicts: [] }, // faults, all of them
  offline: false,
  wire: null, // of the interaction that is selected
  chosen: {
    user: "ada",
    locale: "en-US",
    place: "server",
    view: "channel",
    theme: null,
    only: "all",
    selected: null,
    ...saved,
  },
};
const views = [];
let asked = 0, answered = 0; // for the wire

/** Draw now, and whenever one of these parts of the state (default: anything) has changed. */
export function watch(draw, ...parts) {
  let drawn = [];
  const look = () => {
    const now = parts.map((part) => state[part]);
    if (parts.length && drawn.length && now.every((each, index) => each === drawn[index])) return;
    drawn = now;
    draw();
  };
  views.push(look);
  look();
}

/** The interactions, oldest first: not what people say, nor further messages of one. */
export const sent = () => [...state.entries.values()].filter((each) => each.state !== "said" && !each.of);

const draw = () => views.forEach((each) => each());

export function choose(changes) {
  Object.assign(state.chosen, changes);
  const { selected: _, ...kept } = state.chosen;
  localStorage.setItem("chosen", JSON.stringify(kept));
  if ("selected" in changes) showWire();
  draw();
}

/** Ask the playground to do something; return its answer, or throw an Error whose message can be shown. */
export async function act(name, body = {}) {
  try {
    return await post(`/api/${name}`, body);
  } catch (error) {
    state.offline ||= error instanceof TypeError; // there was no answer at all
    draw();
    throw error;
  }
}

/** Do it as the chosen person, in the chosen language and place. */
export function actHere(name, body) {
  const { user, locale, place } = state.chosen;
  return act(name, { ...body, user, locale, dm: place === "dm" });
}

async function showWire() {
  const id = state.chosen.selected, number = ++asked;
  const wire = id && state.entries.has(id) ? await get(`/api/wire/${id}`).catch(() => null) : null;
  if (id !== state.chosen.selected || number < answered) return; // an answer may overtake an older one
  answered = number;
  state.wire = wire;
  draw();
}

/** Take the news in: parts of the state by their names, and entries by their ids. */
function take(news) {
  state.offline = false;
  for (const [name, value] of Object.entries(news)) {
    if (name in state) state[name] = value;
    else if (value) state.entries.set(name, value);
    else state.entries.delete(name);
  }
  if (!state.entries.has(state.chosen.selected)) state.chosen.selected = sent().at(-1)?.id ?? null;
  if (state.chosen.selected in news || state.wire?.id !== state.chosen.selected) showWire();
  draw();
}

export async function listen() {
  for (let seen = -1;;) {
    try {
      const told = await get(`/api/news?seen=${seen}`);
      if (seen < 0) {
        state.entries.clear();
        state.trouble = null; // it would be told, if there were any
      }
      seen = told.seen;
      take(told.news);
    } catch {
      state.offline = true;
      seen = -1;
      draw();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}
