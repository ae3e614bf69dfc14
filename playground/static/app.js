// The page: what is sent, and what is drawn when the store has changed.

import { drawChannel, follow, scrolled } from "./channel.js";
import { commandsOf, nameOf } from "./command.js";
import { Composer } from "./composer.js";
import { $, h } from "./dom.js";
import { onMenu } from "./menu.js";
import { awaitModal, drawModal } from "./modal.js";
import {
  drawNumbered,
  drawPlayed,
  drawSwitches,
  drawTrouble,
  drawVerdicts,
  layOutNumbers,
  layOutSwitches,
} from "./panels.js";
import { drawResend } from "./resend.js";
import { OURS, setup } from "./setup.js";
import { act, actHere, choose, listen, state, watch } from "./store.js";
import { drawUnplayed, drawWire } from "./wire.js";

const CHAT_INPUT = 1, USER = 2, MESSAGE = 3; // types of commands
const PLACES = {
  server: { sign: "#", name: setup.channel.name, topic: "Type / and the function under test answers" },
  dm: { sign: "@", name: setup.bot, topic: "A direct message: the payload has user, not member" },
};
const SELECTS = { user: "user", locale: "locale", only: "only", which: "selected" }; // what each of them chooses
const dark = matchMedia("(prefers-color-scheme: dark)");
const phone = matchMedia("(width <= 900px)"); // as in style.css: one thing at a time

const slash = setup.commands.filter((each) => each.type === CHAT_INPUT);
const composer = new Composer(commandsOf(slash, setup), {
  bot: setup.bot,
  send: (command) => sendBelow("use", command),
  say,
  previous: lastCommand,
  suggest: (draft) => actHere("autocomplete", draft),
  show: () => phone.matches && choose({ view: "channel" }),
});

/** Send an interaction: the wire shows it, and it may open a modal. */
async function send(name, body) {
  const { id } = await actHere(name, body);
  choose({ selected: id });
  awaitModal(id);
}

function sendBelow(name, body) {
  follow();
  return send(name, body);
}

function say(text) {
  follow();
  return actHere("say", { text });
}

/** The commands of the context menu on a person or a message: what they are called, and how each is used. */
function commandsOn({ dataset: { person, message } }) {
  const on = person ? { person } : { message };
  const commands = setup.commands.filter((each) => each.type === (person ? USER : MESSAGE));
  return commands.map((each) => [
    nameOf(each, state.chosen.locale),
    () => sendBelow("point", { name: each.name, ...on }),
  ]);
}

function lastCommand() {
  return [...state.entries.values()].findLast((each) => each.user === state.chosen.user && each.used)?.used;
}

const actions = {
  press: ({ id: message }) => (custom_id, values) => send("press", { message, custom_id, values }),
  dismiss: (id) => act("dismiss", { id }),
  select: (id) => choose({ selected: id, view: "wire" }),
};

function drawChoices() {
  const { user, locale, place, only, theme } = state.chosen;
  for (const [id, value] of Object.entries({ user, locale, only })) $(id).value = value;
  const { sign, name, topic } = PLACES[place];
  $("place").replaceChildren(h("span", { class: "muted" }, sign), ` ${name}`);
  $("topic").textContent = topic;
  document.documentElement.style.colorScheme = theme ?? "";
  for (const each of document.querySelectorAll("[data-place]")) each.ariaCurrent = each.dataset.place === place || null;
  composer.address(`${sign}${name}`, locale);
}

/** Show the channel or a panel; on a desk the channel is always there, and with it the wire. */
function drawView() {
  const view = state.chosen.view === "channel" && !phone.matches ? "wire" : state.chosen.view;
  for (const each of document.querySelectorAll(".panel")) each.hidden = each.id !== view;
  $("channel").hidden = phone.matches && view !== "channel";
  document.querySelector('[data-view="channel"]').hidden = !phone.matches;
  for (const each of document.querySelectorAll("[data-view]")) each.ariaPressed = each.dataset.view === view;
}

function onEach(selector, type, listener) {
  for (const each of document.querySelectorAll(selector)) each.addEventListener(type, () => listener(each));
}

if (setup.bot !== OURS) $("bot").textContent = setup.bot;
$("user").append(...setup.users.map((user) => h("option", { value: user.username }, user.global_name)));
$("locale").append(...setup.locales.map((locale) => h("option", { value: locale }, locale)));
layOutSwitches();
layOutNumbers();
onEach("#user, #locale, #only, #which", "change", ({ id, value }) => choose({ [SELECTS[id]]: value }));
onEach("#theme", "click", () => {
  const shown = state.chosen.theme ?? (dark.matches ? "dark" : "light");
  choose({ theme: shown === "dark" ? "light" : "dark" });
});
onEach("[data-view]", "click", ({ dataset }) => choose({ view: dataset.view }));
onEach("[data-place]", "click", ({ dataset }) => choose({ place: dataset.place }));
onEach("#messages", "scroll", scrolled);
onEach("[data-close]", "click", (each) => each.closest("dialog").close()); // no submit: Enter would press the first
onEach("#newer", "click", () => {
  follow();
  composer.focus();
});
onEach("#run-check", "click", async () => drawVerdicts(await act("check")));
phone.addEventListener("change", drawView);
watch(drawChoices);
watch(drawView);
watch(() => drawChannel(actions));
watch(drawSwitches, "on", "numbered");
watch(drawNumbered, "numbered");
watch(drawTrouble, "trouble", "offline");
watch(drawPlayed, "played");
watch(drawUnplayed, "unplayed");
watch(drawWire);
watch(drawModal);
watch(drawResend, "wire");
addEventListener("unhandledrejection", (event) => composer.hint(event.reason.message)); // what was not done, and why
onMenu($("messages"), commandsOn);
composer.focus();
listen();
