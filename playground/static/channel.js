// The channel: each interaction's message as Discord shows it.

import { colour, components, image, source } from "./components.js";
import { $, button, clock, h, markdown } from "./dom.js";
import { OURS, setup } from "./setup.js";
import { state } from "./store.js";

const NO_RESPONSE = "The application did not respond";
const LOST =
  "The function ended while it worked on this. In Discord it says “thinking…” for 15 minutes, and then nothing.";
const NEAR = 80; // px from the end of the channel, where it follows the news

const drawn = new Map(); // by id: what an article was drawn from, and the article
let followed = true;

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
  const list = $("messages"), presses = pressesByMessage();
  const seen = [...state.entries.values()].filter(isSeen);
  const kept = new Set(seen.map((each) => each.id));
  for (const id of [...drawn.keys()].filter((each) => !kept.has(each))) remove(id);
  let before = null, news = false;
  for (const entry of seen) {
    const from = [entry, ...(presses.get(entry.message?.id) ?? [])];
    const known = drawn.get(entry.id);
    if (!known || from.length !== known.from.length || from.some((each, index) => each !== known.from[index])) {
      const article = message(entry, from.slice(1), actions);
      if (known) exchange(known.article, article);
      news ||= !known;
      tell(known?.from[0], entry);
      drawn.set(entry.id, { from, article });
    }
    const { article } = drawn.get(entry.id);
    const next = before ? before.nextSibling : list.firstChild;
    if (next !== article) list.insertBefore(article, next);
    before = article;
  }
  list.classList.toggle("empty", seen.length === 0);
  if (followed) list.scrollTop = list.scrollHeight;
  else if (news) $("newer").hidden = false;
}

function pressesByMessage() {
  const mine = [...state.entries.values()].filter((each) => each.on && each.user === state.chosen.user);
  return Map.groupBy(mine, (each) => each.on);
}

/** Put a fresh article in an old one's place, the focus where it was. */
function exchange(old, fresh) {
  const focus = old.contains(document.activeElement) && document.activeElement.dataset.focus;
  old.replaceWith(fresh);
  if (focus) {
    (fresh.querySelector(`[data-focus="${CSS.escape(focus)}"]`) ?? $("messages")).focus({ preventScroll: true });
  }
}

function remove(id) {
  const { article } = drawn.get(id);
  const focused = article.contains(document.activeElement);
  article.remove();
  drawn.delete(id);
  if (focused) $("draft").querySelector(".tail").focus();
}

/** Let a screen reader hear what became of a message. */
function tell(old, { state: now, message }) {
  if (now === old?.state) return;
  if (now === "thinking") $("told").textContent = `${setup.bot} is thinking…`;
  if (now === "failed") $("told").textContent = NO_RESPONSE;
  if (now === "shown" && old) {
    $("told").textContent = `${setup.bot}: ${message.embeds[0]?.image?.description ?? message.text}`;
  }
}

function isSeen({ user, dm, state: now, dismissed, updates, pressed, message }) {
  const mine = user === state.chosen.user;
  if (dm !== (state.chosen.place === "dm") || (dm && !mine)) return false;
  if (now === "deleted" || dismissed || updates) return false;
  if (now === "modal") return false;
  if (now === "sent" || now === "failed") return mine && !pressed;
  return mine || !message.private;
}

function message(entry, presses, actions) {
  if (entry.state === "said") return words(entry);
  const isPrivate = entry.message?.private || entry.state === "failed" || entry.state === "sent";
  const did = entry.of ? " was followed up after " : entry.pressed ? " pressed " : " used ";
  const what = [did, h("b", {}, entry.pressed || entry.command)];
  const wire = { class: "to-wire", "data-focus": "wire", "aria-label": `Show the wire of ${entry.command}` };
  return h(
    "article",
    {
      class: `message ${isPrivate ? "private" : ""}`,
      "aria-label": `${setup.bot}, to ${entry.user}: ${entry.command}`,
      "data-message": entry.message?.id,
    },
    h("p", { class: "cause" }, face(entry.user), who(entry.user), ...what),
    avatar(),
    h(
      "div",
      { class: "body" },
      h(
        "header",
        {},
        h("span", { class: "author" }, setup.bot),
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
      h("header", {}, who(user), time({ created }), more()),
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
    return [h("p", { class: "thinking" }, dots, `${setup.bot} is thinking…`), lost];
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
    each.author && h("p", { class: "footer" }, each.author.name),
    title && h("h3", {}, ...(each.url ? [title] : markdown(title))),
    each.description && h("p", {}, ...markdown(each.description)),
    each.fields?.length > 0 && h("div", { class: "fields" }, ...each.fields.map(field)),
    picture(each.thumbnail),
    picture(each.image),
    each.footer && h("p", { class: "footer" }, each.footer.text),
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

/** The custom_ids that the user has pressed, and that nothing has come of yet. */
function busy(presses) {
  const waiting = presses.filter((each) => each.state === "sent" || (each.updates && !each.done));
  return new Set(waiting.map((each) => each.custom_id));
}

function onlyYou(entry, actions) {
  const dismiss = { class: "text-button", "data-focus": "dismiss", onclick: () => actions.dismiss(entry.id) };
  return h("p", { class: "only-you" }, "👁 Only you can see this • ", button(dismiss, "Dismiss message"));
}
