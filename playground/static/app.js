// The page: what is chosen, and the news from the playground that everything is drawn from.

import { drawChannel } from "./channel.js";
import { Composer } from "./composer.js";
import { $, get, h, post } from "./dom.js";
import { drawSwitches, drawVerdicts } from "./panels.js";
import { Wire } from "./wire.js";

const chosen = { user: "ada", locale: "en-US", place: "server", dismissed: new Set() };
const setup = await get("/api/setup");
const wire = new Wire();
const composer = new Composer(setup.definition, send);
let news = { seen: -1, entries: [], on: [] };

const where = () => ({ user: chosen.user, locale: chosen.locale, dm: chosen.place === "dm" });

async function send(options) {
  const { id } = await post("/api/use", { options, ...where() });
  wire.select(id);
}

async function press(message, custom_id) {
  const { id } = await post("/api/press", { message, custom_id, ...where() });
  if (id) wire.select(id);
}

function dismiss(id) {
  chosen.dismissed.add(id);
  draw();
}

function select(id) {
  wire.select(id);
  view("wire");
}

function draw() {
  drawChannel(news.entries, { ...chosen, now: news.now, noResponse: setup.no_response }, { press, dismiss, select });
  drawSwitches(setup.switches, news.on, (on) => post("/api/switches", { on }));
  wire.offer(news.entries);
}

function view(name) {
  document.body.dataset.view = name;
  for (const button of document.querySelectorAll(".views button")) {
    button.setAttribute("aria-pressed", button.dataset.view === name);
  }
}

function place(name) {
  chosen.place = name;
  for (const button of document.querySelectorAll(".places button")) {
    button.toggleAttribute("aria-current", button.dataset.place === name);
    if (button.dataset.place === name) button.setAttribute("aria-current", "true");
  }
  $("place").textContent = name === "dm" ? "mando" : "mandalas";
  $("place").dataset.kind = name;
  $("topic").textContent = name === "dm"
    ? "A direct message: the payload has user, not member"
    : "Type / and the function under test answers";
  composer.place(name === "dm" ? "@mando" : "#mandalas");
  draw();
}

function language(locale) {
  chosen.locale = locale;
  composer.language(locale);
}

function theme() {
  const light = document.documentElement.dataset.theme ??
    (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark");
  document.documentElement.dataset.theme = light === "light" ? "dark" : "light";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
}

async function listen() {
  for (;;) {
    try {
      news = await get(`/api/news?seen=${news.seen}`);
      $("offline").hidden = true;
      draw();
    } catch {
      $("offline").hidden = false;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      news.seen = -1;
    }
  }
}

if (localStorage.getItem("theme")) document.documentElement.dataset.theme = localStorage.getItem("theme");
$("user").append(...setup.users.map((user) => h("option", { value: user.username }, user.global_name)));
$("locale").append(
  ...setup.locales.map((locale) => h("option", { value: locale, selected: locale === "en-US" }, locale)),
);
$("user").addEventListener("change", () => {
  chosen.user = $("user").value;
  draw();
});
$("locale").addEventListener("change", () => language($("locale").value));
$("theme").addEventListener("click", theme);
for (const button of document.querySelectorAll(".views button")) {
  button.addEventListener("click", () => view(button.dataset.view));
}
for (const button of document.querySelectorAll(".places button")) {
  button.addEventListener("click", () => place(button.dataset.place));
}
$("run-check").addEventListener("click", async () => drawVerdicts(await post("/api/check", {})));
$("large").addEventListener("click", (event) => {
  if (event.target === $("large")) $("large").close();
});
view("channel");
place("server");
composer.focus();
listen();
