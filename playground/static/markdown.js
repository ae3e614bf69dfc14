// What people and bots write, as Discord shows it.

import { h } from "./dom.js";
import { setup } from "./setup.js";

const PARTS = /(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*|\[[^\]]+\]\(https?:[^\s)]+\)|^#{1,3} .+\n?|<@\d+>)/m;

const names = new Map(setup.users.map(({ id, global_name }) => [id, global_name]));

/** Discord's small markdown as nodes: `code`, **bold**, *italic*, [a link](https://…), # a heading and a mention. */
export function markdown(text) {
  return String(text).split(PARTS).map((part) => {
    const [, words, url] = part.match(/^\[(.+)\]\((.+)\)$/) ?? [];
    if (url) return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words);
    if (/^#{1,3} /.test(part)) return h("strong", { class: "heading-text" }, part.replace(/^#+ /, "").trim());
    if (/^`.+`$/s.test(part)) return h("code", {}, part.slice(1, -1));
    if (/^\*\*.+\*\*$/s.test(part)) return h("strong", {}, part.slice(2, -2));
    if (/^\*.+\*$/s.test(part)) return h("em", {}, part.slice(1, -1));
    if (/^<@\d+>$/.test(part)) {
      return h("span", { class: "mention" }, `@${names.get(part.slice(2, -1)) ?? "unknown-user"}`);
    }
    return part;
  });
}
