// The page: what is sent, and what is drawn when the store has changed.

import { drawChannel, follow, scrolled } from "./channel.js";
import { commandsOf, nameOf } from "./command.js";
import { Composer } from "./composer.js";
import { signWith } from "./copy.js";
import { $, h, people } from "./dom.js";
import { onMenu } from "./menu.js";
import { awaitModal, drawModal } from "./modal.js";
import { drawPlayed, drawSwitches, drawTrouble, drawVerdicts, layOutNumbers, layOutSwitches } from "./panels.js";
import { drawResend } from "./resend.js";
import { OURS, setup } from "./setup.js";
import { act, choose, listen, state, watch, where } from "./store.js";
import { drawWire } from "./wire.js";

const CHAT_INPUT = 1, USER = 2, MESSAGE = 3; // types of commands
const PLACES = {
  server: {
    name: setup.channel.name,
    box: `#${setup.channel.name}`,
    topic: "Type / and the function under test answers",
  },
  dm: { name: setup.bot, box: `@${setup.bot}`, topic: "A direct message: the payload has user, not member" },
};
const slash = setup.commands.filter((each) => each.type === CHAT_INPUT);
const composer = new Composer(commandsOf(slash, setup), { send: use, say, previous: lastCommand, suggest });

async function use(command) {
  follow();
  choose({ selected: (await act("use", { ...command, ...where() })).id });
}

function suggest(draft) {
  return act("autocomplete", { ...draft, ...where() });
}

async function say(text) {
  follow();
  await act("say", { text, ...where() });
}

/** The commands of the context menu on a person or a message: what they are called, and how each is used. */
function commandsOn({ dataset: { person, message } }) {
  const on = person ? { person } : { message };
  const commands = setup.commands.filter((each) => each.type === (person ? USER : MESSAGE));
  return commands.map((each) => [nameOf(each, state.chosen.locale), async () => {
    follow();
    choose({ selected: (await act("point", { name: each.name, ...on, ...where() })).id });
  }]);
}

function lastCommand() {
  const mine = [...state.entries.values()].filter((each) => each.user === state.chosen.user && each.used);
  return mine.at(-1)?.used;
}

const actions = {
  press: ({ id: message }) => async (custom_id, values) => {
    const { id } = await act("press", { message, custom_id, values, ...where() });
    choose({ selected: id });
    awaitModal(id);
  },
  dismiss: (id) => act("dismiss", { id }),
  select: (id) => choose({ selected: id, view: "wire" }),
};

const dark = matchMedia("(prefers-color-scheme: dark)");

function drawChoices() {
  const { user, locale, place, view, theme, only } = state.chosen;
  Object.assign($("user"), { value: user });
  Object.assign($("locale"), { value: locale });
  Object.assign($("only"), { value: only });
  Object.assign($("place"), { textContent: PLACES[place].name }).dataset.kind = place;
  $("topic").textContent = PLACES[place].topic;
  document.body.dataset.view = view;
  if (theme) document.documentElement.dataset.theme = theme;
  for (const each of document.querySelectorAll("[data-place]")) each.ariaCurrent = each.dataset.place === place || null;
  for (const each of document.querySelectorAll(".views button")) each.ariaPressed = each.dataset.view === view;
  composer.address(PLACES[place].box, locale);
}

function onEach(selector, type, listener) {
  for (const each of document.querySelectorAll(selector)) each.addEventListener(type, () => listener(each));
}

if (setup.bot !== OURS) $("bot").textContent = setup.bot;
for (const { id, global_name } of setup.users) people.set(id, global_name);
$("user").append(...setup.users.map((user) => h("option", { value: user.username }, user.global_name)));
$("locale").append(...setup.locales.map((locale) => h("option", { value: locale }, locale)));
signWith(setup.key);
layOutSwitches(setup.switches);
layOutNumbers(setup.routes, setup.timed);
onEach("#user", "change", ({ value }) => choose({ user: value }));
onEach("#locale", "change", ({ value }) => choose({ locale: value }));
onEach("#only", "change", ({ value }) => choose({ only: value }));
onEach("#which", "change", ({ value }) => choose({ selected: value }));
onEach(
  "#theme",
  "click",
  () => choose({ theme: (state.chosen.theme ?? (dark.matches ? "dark" : "light")) === "dark" ? "light" : "dark" }),
);
onEach(".views button", "click", ({ dataset }) => choose({ view: dataset.view }));
onEach("[data-place]", "click", ({ dataset }) => choose({ place: dataset.place }));
onEach("#messages", "scroll", scrolled);
onEach("[data-close]", "click", (each) => each.closest("dialog").close()); // no submit: Enter would press the first
onEach("#newer", "click", () => {
  follow();
  composer.focus();
});
onEach("#run-check", "click", async () => drawVerdicts(await act("check")));
$("large").addEventListener("click", ({ target }) => target === $("large") && target.close());
for (
  const draw of [
    drawChoices,
    () => drawChannel(actions),
    drawSwitches,
    drawTrouble,
    drawPlayed,
    drawWire,
    drawModal,
    drawResend,
  ]
) {
  watch(draw);
}
addEventListener("unhandledrejection", (event) => composer.hint(event.reason.message)); // what was not done, and why
onMenu($("messages"), commandsOn);
composer.focus();
listen();
