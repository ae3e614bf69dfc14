// The channel: each interaction's message as Discord shows it.

import { colour, components, image, source } from "./components.js";
import { $, arrange, button, clock, h } from "./dom.js";
import { markdown } from "./markdown.js";
import { OURS, setup } from "./setup.js";
import { state } from "./store.js";

const NO_RESPONSE = "The application did not respond";
const LOST =
  "The function ended while it worked on this. In Discord it says “thinking…” for 15 minutes, and then nothing.";
const NEAR = 80; // px from the end of the channel, where it follows the news

const OPENED = Date.now();

let drawn = new Map(); // by id: what an article was drawn from, and the article
let followed = true;
const heard = new Map(); // by id: the state that a screen reader was told of

/** Show the end of the channel, and what is said there from now on. */
export function follow() {
  followed = true;
  const list = $("messages");
  list.scrollTop = list.scrollHeight;
  $("newer").hidden = true;
}

/** Note where the reader is, when they scroll. */
export function scrolled() {
  const list = $("messages");
  followed = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
  if (followed) $("newer").hidden = true;
}

/** Draw what the chosen user sees in the chosen place; only what changed is drawn anew. */
export function drawChannel(actions) {
  const list = $("messages"), presses = pressesByMessage(), known = drawn, focused = focusIn(known);
  for (const entry of state.entries.values()) tell(entry);
  for (const id of heard.keys()) if (!state.entries.has(id)) heard.delete(id);
  const seen = [...state.entries.values()].filter(isSeen);
  drawn = new Map(seen.map((entry) => [entry.id, draw(entry, presses, known.get(entry.id), actions)]));
  arrange(list, [...drawn.values()].map((each) => each.article));
  refocus(focused);
  list.classList.toggle("empty", seen.length === 0);
  if (followed) list.scrollTop = list.scrollHeight;
  else if (seen.some((each) => !known.has(each.id))) $("newer").hidden = false;
}

function pressesByMessage() {
  const mine = [...state.entries.values()].filter((each) => each.on && each.user === state.chosen.user);
  return Map.groupBy(mine, (each) => each.on);
}

function draw(entry, presses, known, actions) {
  const mine = presses.get(entry.message?.id) ?? [], from = [entry, ...mine];
  const isSame = known?.from.length === from.length && from.every((each, index) => each === known.from[index]);
  return isSame ? known : { from, article: message(entry, mine, actions) };
}

function focusIn(articles) {
  const element = document.activeElement;
  const [id] = [...articles].find(([, { article }]) => article.contains(element)) ?? [];
  return { id, element };
}

/** Let what was drawn anew have the focus that it had; if it is gone, the message box has it. */
function refocus({ id, element }) {
  if (!id || element.isConnected) return;
  const same = `[data-focus="${CSS.escape(element.dataset.focus ?? "")}"]`, { article } = drawn.get(id) ?? {};
  const next = article ? article.querySelector(same) ?? $("messages") : $("draft").querySelector(".tail");
  next.focus({ preventScroll: true });
}

/** Let a screen reader hear what has become of an entry, unless it was so before the page was there. */
function tell(entry) {
  const { id, created, state: now, message } = entry;
  const isNews = heard.has(id) ? heard.get(id) !== now : created > OPENED;
  heard.set(id, now);
  if (!isNews || !isSeen(entry)) return;
  if (now === "thinking") $("told").textContent = `${setup.bot} is thinking…`;
  if (now === "failed") $("told").textContent = NO_RESPONSE;
  if (now === "shown") {
    $("told").textContent = `${setup.bot}: ${message.embeds[0]?.image?.description ?? message.text}`;
  }
}

function isSeen({ user, dm, state: now, dismissed, updates, pressed, message }) {
  const mine = user === state.chosen.user;
  if (dm !== (state.chosen.place === "dm") || (dm && !mine)) return false;
  if (now === "deleted" || now === "modal" || dismissed || updates) return false;
  if (now === "sent" || now === "failed") return mine && !pressed;
  return mine || !message.private;
}

function message(entry, presses, actions) {
  if (entry.state === "said") return words(entry);
  const isPrivate = entry.message?.private || entry.state === "failed" || entry.state === "sent";
  const did = entry.of ? " was followed up after " : entry.pressed ? " pressed " : " used ";
  const name = entry.pressed || entry.command;
  const what = [did, h("b", {}, name)];
  const wire = { class: "to-wire", "data-focus": "wire", "aria-label": `Show the wire of ${name}` };
  return h(
    "article",
    {
      class: `message ${isPrivate ? "private" : ""}`,
      "aria-label": `${setup.bot}, to ${entry.user}: ${name}`,
      "data-message": entry.message?.id,
    },
    h("p", { class: "cause" }, face(entry.user), who(entry.user), ...what),
    avatar(),
    h(
      "div",
      { class: "body" },
      h(
        "header",
        { class: "note" },
        h("span", { class: "name" }, setup.bot),
        h("span", { class: "badge" }, "APP"),
        time(entry),
        entry.state === "shown" && more(),
        button({ ...wire, onclick: () => actions.select(entry.of ?? entry.id) }, remark(entry)),
      ),
      ...content(entry),
      entry.message && entry.state === "shown" &&
        components(entry.message, busy(presses), actions.press(entry.message)),
      presses.at(-1)?.state === "failed" && h("p", { class: "error" }, "This interaction failed"),
      isPrivate && entry.state !== "sent" && onlyYou(entry, actions),
    ),
  );
}

function avatar() {
  if (setup.bot === OURS) return h("img", { class: "avatar", src: "/static/mando.svg", alt: "" });
  return h("span", { class: "face", "aria-hidden": "true" }, setup.bot[0].toUpperCase());
}

const face = (user) => h("span", { class: `face ${user}`, "aria-hidden": "true" }, user[0].toUpperCase());
const who = (user) => button({ class: "who", "data-person": user, "data-focus": "who", "aria-haspopup": "menu" }, user);
const time = ({ created }) => h("time", { datetime: new Date(created).toISOString() }, clock(created));
const more = () => button({ class: "more", "data-focus": "more", "aria-label": "More", "aria-haspopup": "menu" }, "⋯");

/** A person's own message. */
function words({ user, created, message: { id, content } }) {
  return h(
    "article",
    { class: "message", "aria-label": `${user}: ${content}`, "data-message": id },
    face(user),
    h(
      "div",
      { class: "body" },
      h("header", { class: "note" }, who(user), time({ created }), more()),
      h("p", { class: "text" }, ...markdown(content)),
    ),
  );
}

function remark({ refusals, waits, state: now }) {
  const refused = refusals && `⚠ ${refusals} refused`;
  return [now === "thinking" && waits && `waits for ${waits}`, refused, "wire"].filter(Boolean).join(" · ");
}

function content(entry) {
  if (entry.state === "sent") return [h("p", { class: "muted" }, "Sending command…")];
  if (entry.state === "failed") return [h("p", { class: "error" }, `⚠ ${NO_RESPONSE}`)];
  if (entry.state === "thinking") {
    const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    const lost = entry.lost && h("p", { class: "error" }, LOST);
    return [h("p", { class: "muted thinking" }, dots, `${setup.bot} is thinking…`), lost];
  }
  const { content: text, embeds, attachments, media } = entry.message;
  const told = JSON.stringify([embeds, entry.message.components]);
  const loose = attachments.filter((each) => !told.includes(`"attachment://${each.filename}"`));
  return [
    text && h("p", { class: "text" }, ...markdown(text)),
    ...embeds.map((each) => embed(each, entry.message)),
    ...loose.map((each) => file(each, `${media}/${encodeURIComponent(each.filename)}`)),
  ];
}

function embed(each, message) {
  const title = each.url
    ? h("a", { href: each.url, target: "_blank", rel: "noopener noreferrer" }, each.title)
    : each.title;
  const field = ({ name, value, inline }) =>
    h("div", { class: inline ? "" : "wide" }, h("h4", {}, ...markdown(name)), h("p", {}, ...markdown(value)));
  const picture = (shown) => shown?.url && image(source(message, shown.url), shown.description ?? "");
  const box = h(
    "div",
    { class: "embed" },
    each.author && h("p", { class: "note" }, each.author.name),
    title && h("h3", {}, ...(each.url ? [title] : markdown(title))),
    each.description && h("p", {}, ...markdown(each.description)),
    each.fields?.length > 0 && h("div", { class: "fields" }, ...each.fields.map(field)),
    picture(each.thumbnail),
    picture(each.image),
    each.footer && h("p", { class: "note" }, each.footer.text),
  );
  if (each.color != null) box.style.borderLeftColor = colour(each.color);
  return box;
}

function file({ filename, size }, source) {
  return h(
    "p",
    { class: "embed" },
    h("a", { href: source, download: filename }, filename),
    ` ${Math.ceil(size / 1000)} kB`,
  );
}

/** The custom_ids that the user has pressed, and that the function has not acknowledged yet. */
function busy(presses) {
  return new Set(presses.filter((each) => each.state === "sent").map((each) => each.custom_id));
}

function onlyYou(entry, actions) {
  const dismiss = { class: "text-button", "data-focus": "dismiss", onclick: () => actions.dismiss(entry.id) };
  return h("p", { class: "note only-you" }, "👁 Only you can see this • ", button(dismiss, "Dismiss message"));
}
