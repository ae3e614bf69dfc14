// The message box: a slash command with its options, from the definition that is registered with Discord.

import {
  choicesOf,
  descriptionOf,
  find,
  isNumber,
  isText,
  nameOf,
  parse,
  plain,
  split,
  textOf,
  valueOf,
} from "./command.js";
import { $, h } from "./dom.js";

const NO_OTHER = "A bot of interactions does not read this: type / for its commands, or right-click the message";

export class Composer {
  /** send takes the options, say plain words, and both resolve once it is sent; previous returns the last options. */
  constructor(definition, send, say, previous) {
    Object.assign(this, { definition, send, say, previous, locale: "en-US", where: "", items: [], active: -1 });
    this.leave();
    $("draft").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    $("draft").addEventListener("keydown", (event) => event.target.matches("input") && this.key(event));
    $("draft").addEventListener("input", (event) => this.typed(event.target, event.inputType));
    $("draft").addEventListener("focusin", () => this.offer());
    $("picker").addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
    document.addEventListener("pointerdown", (event) => {
      if (!$("composer").contains(event.target)) this.close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.target.matches("input, select, textarea") || document.querySelector(":modal")) {
        return;
      }
      event.preventDefault();
      this.focus();
      if (!this.commanding && !this.tail.value) this.write(this.tail, "/");
    });
  }

  // What is drafted

  get tail() {
    return $("draft").querySelector(".tail");
  }
  get fields() {
    return [...$("draft").querySelectorAll(".value")];
  }
  get commanding() {
    return Boolean($("draft").querySelector(".slash"));
  }
  get unused() {
    const used = this.fields.map((field) => field.option);
    return this.definition.options.filter((option) => !used.includes(option));
  }

  focus() {
    this.tail.focus();
  }

  /** Write for this place in this language; a draft in another language is left. */
  address(where, locale) {
    if (locale !== this.locale) this.leave();
    Object.assign(this, { where, locale });
    if (!this.commanding) this.tail.placeholder = `Message ${where} (type / for commands)`;
  }

  leave() {
    this.close();
    $("draft").replaceChildren(
      this.input("tail", "Message"),
      h("button", { type: "submit", class: "send", "aria-label": "Send" }, "➤"),
    );
    this.address(this.where, this.locale);
  }

  input(className, label) {
    return h("input", {
      class: className,
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": "picker-list",
      "aria-autocomplete": "list",
      "aria-label": label,
      spellcheck: "false",
      autocomplete: "off",
    });
  }

  write(field, text) {
    field.value = text;
    this.typed(field);
  }

  begin(rest = "") {
    this.tail.placeholder = "";
    this.tail.setAttribute("aria-label", "Options");
    $("draft").prepend(h("span", { class: "slash" }, `/${nameOf(this.definition, this.locale)}`));
    this.focus();
    this.write(this.tail, rest);
  }

  add(option, text = "") {
    const field = this.input("value", nameOf(option, this.locale));
    field.option = option;
    if (isNumber(option)) field.inputMode = "numeric";
    if (option.max_length) field.maxLength = option.max_length;
    this.tail.before(h("span", { class: "pill" }, h("span", { class: "name" }, nameOf(option, this.locale)), field));
    field.value = text;
    this.size(field);
    field.focus();
    this.offer();
  }

  remove(field) {
    field.closest(".pill").remove();
    this.focus();
    this.offer();
  }

  size(field) {
    if (field.matches(".value")) field.style.width = `${Math.max(3, field.value.length + 2)}ch`;
  }

  /** Bring the last command back, to be changed. */
  recall() {
    const options = this.previous();
    if (!options) return;
    this.begin();
    for (const { name, value } of options) {
      const option = find(this.definition.options, name);
      this.add(option, textOf(option, value, this.locale));
    }
    this.close();
  }

  // The keyboard

  typed(field, how) {
    field.closest(".pill")?.classList.remove("wrong");
    this.hint("");
    if (field === this.tail && !this.commanding) {
      const rest = split(field.value, this.definition);
      if (rest !== null) return this.begin(rest);
    } else if (field === this.tail || !isText(field.option) || how === "insertFromPaste") {
      this.spread(field);
    }
    this.size(field);
    this.offer();
  }

  /** Give each option that is named in a field's text a field of its own. */
  spread(field) {
    const { words, given } = parse(field.value, this.unused);
    if (given.length) field.value = words.trim();
    for (const { option, text } of given) this.add(option, text);
  }

  key(event) {
    const field = event.target, open = !$("picker").hidden && this.items.length > 0;
    const atStart = field.selectionStart === 0 && field.selectionEnd === 0;
    const isValue = field.matches(".value");
    const act = {
      ArrowDown: () => open && this.step(1),
      ArrowUp: () => open ? this.step(-1) : !this.commanding && !field.value && this.recall(),
      Enter: () => open && this.active >= 0 && !this.isWritten(field) && this.items[this.active].pick(),
      Tab: () => !event.shiftKey && (open ? this.items[Math.max(0, this.active)].pick() : isValue && this.focus()),
      Escape: () => this.escape(field),
      Backspace: () => atStart && (isValue ? !field.value : this.commanding) && this.back(field),
    }[event.key];
    if (act && act() !== false) event.preventDefault();
  }

  /** Whether the field has what is marked in the list, to the letter: then there is nothing left to pick. */
  isWritten(field) {
    return field.matches(".value") && plain(field.value) === plain(this.items[this.active].name);
  }

  step(by) {
    const count = this.items.length;
    this.mark(this.active < 0 ? (by > 0 ? 0 : count - 1) : (this.active + by + count) % count);
  }

  /** Close one thing: the list, the option, the words, the command. */
  escape(field) {
    if (!$("picker").hidden) this.close();
    else if (field.matches(".value")) this.remove(field);
    else if (field.value) this.write(field, "");
    else {
      this.leave();
      this.focus();
    }
  }

  back(field) {
    if (field.matches(".value")) return this.remove(field);
    if (this.fields.length) return this.fields.at(-1).focus();
    this.leave();
    this.focus();
  }

  // The picker

  offer() {
    const field = document.activeElement;
    if (!$("draft").contains(field) || !field.matches("input")) return this.close();
    if (field.matches(".value")) return this.offerValues(field);
    if (!this.commanding) return this.offerCommand(field.value);
    const options = this.matching(this.unused, field.value);
    const items = options.map((option) =>
      this.item(option, () => {
        field.value = "";
        this.add(option);
      }, descriptionOf(option, this.locale))
    );
    this.open("Options", items, field.value.trim() ? 0 : -1);
  }

  offerCommand(typed) {
    const name = `/${nameOf(this.definition, this.locale)}`;
    if (!typed.startsWith("/") || !name.startsWith(plain(typed))) return this.close();
    const description = descriptionOf(this.definition, this.locale);
    this.open("mando", [{ name, description, pick: () => this.begin() }], 0);
  }

  offerValues(field) {
    const choices = choicesOf(field.option) ?? [];
    const current = find(choices, field.value);
    const items = (current ? choices : this.matching(choices, field.value)).map((choice) =>
      this.item(choice, () => {
        this.write(field, nameOf(choice, this.locale));
        this.focus();
      })
    );
    const title = `${nameOf(field.option, this.locale)}: ${descriptionOf(field.option, this.locale)}`;
    this.open(title, items, Math.max(0, choices.indexOf(current)));
  }

  matching(list, typed) {
    return list.filter((each) => plain(nameOf(each, this.locale)).startsWith(plain(typed)));
  }

  item(each, pick, description = "") {
    return { name: nameOf(each, this.locale), description, pick };
  }

  open(title, items, active) {
    this.items = items;
    $("picker-title").textContent = title;
    $("picker-list").replaceChildren(...items.map(({ name, description, pick }, index) =>
      h(
        "li",
        { role: "option", id: `pick-${index}`, "aria-selected": "false", onclick: pick },
        h("span", { class: "name" }, name),
        description && h("span", { class: "text" }, description),
      )
    ));
    $("picker-list").hidden = items.length === 0;
    $("picker").hidden = false;
    document.activeElement.setAttribute("aria-expanded", items.length > 0);
    this.mark(items.length ? active : -1);
  }

  mark(index) {
    this.active = index;
    const field = document.activeElement;
    [...$("picker-list").children].forEach((child, each) => child.setAttribute("aria-selected", each === index));
    if (index < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", `pick-${index}`);
    $("picker-list").children[index].scrollIntoView({ block: "nearest" });
  }

  close() {
    Object.assign(this, { items: [], active: -1 });
    $("picker").hidden = true;
    for (const field of $("draft").querySelectorAll("input")) {
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    }
  }

  hint(text) {
    $("hint").textContent = text;
  }

  // What is sent

  /** Return the options, or throw an Error that says what would be right, with the field where it is wrong. */
  options() {
    this.settle();
    const options = {};
    for (const field of this.fields) {
      try {
        options[field.option.name] = valueOf(field.option, field.value, this.locale);
      } catch (error) {
        field.closest(".pill").classList.add("wrong");
        throw Object.assign(error, { field });
      }
    }
    const missing = this.unused.find((option) => option.required);
    if (!missing) return options;
    this.add(missing);
    throw Object.assign(new Error(`${nameOf(missing, this.locale)}: must be given`), { field: this.fields.at(-1) });
  }

  /** Put words that name no option into the first one that takes words. */
  settle() {
    const words = this.tail.value.trim();
    if (!words) return;
    const option = this.unused.find(isText);
    if (!option) throw Object.assign(new Error(`“${words}” belongs to no option`), { field: this.tail });
    this.tail.value = "";
    this.add(option, words);
  }

  async submit() {
    const rest = this.commanding ? null : split(`${this.tail.value} `, this.definition);
    if (rest !== null) this.begin(rest);
    if (this.sending) return;
    this.sending = true;
    try {
      if (this.commanding) await this.send(this.options());
      else if (this.tail.value.trim()) await this.say(this.tail.value);
      else return;
      const plain = !this.commanding;
      this.leave();
      this.focus();
      if (plain) this.hint(NO_OTHER);
    } catch (error) {
      this.close();
      error.field?.focus();
      this.hint(error instanceof TypeError ? "Not sent" : error.message);
    } finally {
      this.sending = false;
    }
  }
}
