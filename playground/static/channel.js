// The channel: each interaction's message as Discord shows it.

import { $, clock, h, markdown } from "./dom.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };

/** Draw what the chosen user sees in the chosen place; only what changed is drawn anew. */
export function drawChannel(entries, chosen, actions) {
  const list = $("messages");
  const atBottom = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const wanted = entries.filter((entry) => isSeen(entry, chosen));
  const present = new Map([...list.children].map((child) => [child.dataset.id, child]));
  let grown = false;
  wanted.forEach((entry, index) => {
    const presses = entries.filter((each) =>
      entry.message && each.on === entry.message.id && each.user === chosen.user
    );
    const key = JSON.stringify([entry, presses.map((each) => [each.id, each.state, each.updates, each.shown])]);
    let element = present.get(entry.id);
    present.delete(entry.id);
    if (!element || element.dataset.key !== key) {
      const fresh = message(entry, presses, chosen, actions);
      fresh.dataset.id = entry.id;
      fresh.dataset.key = key;
      const focus = element?.contains(document.activeElement) && document.activeElement.dataset.focus;
      element?.replaceWith(fresh);
      if (focus) (fresh.querySelector(`[data-focus="${CSS.escape(focus)}"]`) ?? list).focus({ preventScroll: true });
      element = fresh;
      grown = true;
    }
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
  for (const gone of present.values()) gone.remove();
  list.classList.toggle("empty", wanted.length === 0);
  if (grown && atBottom) list.scrollTop = list.scrollHeight;
}

function isSeen(entry, chosen) {
  const mine = entry.user === chosen.user;
  if (entry.dm !== (chosen.place === "dm") || (entry.dm && !mine)) return false;
  if (entry.state === "deleted" || chosen.dismissed.has(entry.id) || entry.updates) return false;
  if (entry.state === "sent" || entry.state === "failed") return mine && !entry.pressed;
  return mine || !entry.message.private;
}

function message(entry, presses, chosen, actions) {
  const isPrivate = entry.message?.private || entry.state === "failed" || entry.state === "sent";
  return h(
    "article",
    {
      class: `message ${isPrivate ? "private" : ""} ${entry.state}`,
      "aria-label": `mando, to ${entry.user}: ${entry.command}`,
    },
    cause(entry),
    h("img", { class: "avatar", src: "/static/mando.svg", alt: "" }),
    h(
      "div",
      { class: "body" },
      h(
        "header",
        {},
        h("span", { class: "author" }, "mando"),
        h("span", { class: "badge" }, "APP"),
        h("time", { datetime: new Date(entry.created).toISOString() }, clock(entry.created)),
        h("button", {
          type: "button",
          class: "to-wire",
          "data-focus": "wire",
          onclick: () => actions.select(entry.id),
          "aria-label": `Show the wire of ${entry.command}`,
        }, entry.refusals ? `⚠ ${entry.refusals} refused · wire` : "wire"),
      ),
      ...content(entry, chosen),
      entry.message && entry.state === "shown" ? buttons(entry.message, presses, actions) : null,
      lastPressFailed(presses) && h("p", { class: "error" }, "This interaction failed"),
      isPrivate && entry.state !== "sent" && onlyYou(entry, actions),
    ),
  );
}

function cause(entry) {
  const words = entry.pressed ? [" pressed ", h("b", {}, entry.pressed)] : [" used ", h("b", {}, entry.command)];
  return h(
    "p",
    { class: "cause" },
    h("span", { class: `face ${entry.user}`, "aria-hidden": "true" }, entry.user[0].toUpperCase()),
    h("span", { class: "who" }, entry.user),
    ...words,
  );
}

function content(entry, chosen) {
  if (entry.state === "sent") return [h("p", { class: "muted" }, "Sending command…")];
  if (entry.state === "failed") return [h("p", { class: "error" }, `⚠ ${chosen.noResponse}`)];
  if (entry.state === "thinking") {
    return [
      h(
        "p",
        { class: "thinking" },
        h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
        "mando is thinking…",
      ),
    ];
  }
  const { content: text, embeds, picture } = entry.message;
  return [text && h("p", { class: "text" }, ...markdown(text)), ...embeds.map((each) => embed(each, picture))];
}

function embed(each, picture) {
  const box = h(
    "div",
    { class: "embed" },
    each.title && h("h3", {}, ...markdown(each.title)),
    each.description && h("p", {}, ...markdown(each.description)),
    each.image && image(picture, each.image.description ?? ""),
    each.footer && h("p", { class: "footer" }, each.footer.text),
  );
  if (each.color != null) box.style.borderLeftColor = `#${each.color.toString(16).padStart(6, "0")}`;
  return box;
}

function image(source, alt) {
  const open = () => {
    $("large-picture").src = source;
    $("large-picture").alt = alt;
    $("large-text").textContent = alt;
    $("large").showModal();
  };
  return h(
    "button",
    {
      type: "button",
      class: "picture",
      "data-focus": "picture",
      onclick: open,
      title: alt,
      "aria-label": alt ? `${alt} (opens large)` : "Open the picture",
    },
    h("img", { src: source, alt, width: 1024, height: 1024 }),
    alt && h("span", { class: "alt", "aria-hidden": "true" }, "ALT"),
  );
}

function buttons(shown, presses, actions) {
  const waiting = new Set(
    presses.filter((each) => each.state === "sent" || (each.updates && each.shown === null)).map((each) =>
      each.custom_id
    ),
  );
  return h(
    "div",
    { class: "rows" },
    shown.components.map((row) =>
      h(
        "div",
        { class: "row" },
        row.components.map((each) =>
          h(
            "button",
            {
              type: "button",
              class: STYLES[each.style],
              disabled: each.disabled,
              "data-focus": each.custom_id,
              "aria-busy": waiting.has(each.custom_id) ? "true" : null,
              onclick: () => actions.press(shown.id, each.custom_id),
            },
            each.emoji && h("span", { class: "emoji", "aria-hidden": "true" }, each.emoji.name),
            each.label,
          )
        ),
      )
    ),
  );
}

const lastPressFailed = (presses) => presses.length > 0 && presses[presses.length - 1].state === "failed";

function onlyYou(entry, actions) {
  return h(
    "p",
    { class: "only-you" },
    "👁 Only you can see this · ",
    h("button", {
      type: "button",
      class: "text-button",
      "data-focus": "dismiss",
      onclick: () => actions.dismiss(entry.id),
    }, "Dismiss message"),
  );
}
