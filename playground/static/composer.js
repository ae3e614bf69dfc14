// The message box: a slash command with its options, from the definitions that are registered with Discord.

import {
  descriptionOf,
  find,
  isNumber,
  isText,
  isUsed,
  modeOf,
  nameOf,
  parse,
  plain,
  split,
  textOf,
  typedAs,
  valueOf,
} from "./command.js";
import { $, h } from "./dom.js";
import { Picker } from "./picker.js";
import { Suggestions } from "./suggest.js";

const NO_OTHER = "A bot of interactions does not read this: type / for its commands, or right-click the message";
const IN_RESERVE = ": in the empty box, Up brings it back";
const NO_FILES = "this page cannot send files";
const PASSING = 8000; // ms that a remark stays
const ROOMY = 420; // px of the box, in which a placeholder may say more
const FAILED = "Loading options failed";
const NONE = "No options match your search";

export class Composer {
  /**
   * commands are those of commandsOf, and bot's. send takes {name, path, options} and say plain words, and both resolve
   * once it is sent; previous returns what was sent last; suggest takes a draft, and resolves to the function's {choices}
   * or {error}; show lets the box be seen.
   */
  constructor(commands, { bot, send, say, previous, suggest, show }) {
    Object.assign(this, { commands, bot, send, say, previous, locale: "en-US", where: "", unsent: null });
    Object.assign(this, { picker: new Picker(), suggestions: new Suggestions(suggest) });
    this.leave();
    $("draft").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    $("draft").addEventListener("keydown", (event) => event.target.matches("input") && this.key(event));
    $("draft").addEventListener("input", (event) => this.typed(event.target, event.inputType));
    $("draft").addEventListener("focusin", () => this.offer());
    new ResizeObserver(() => this.address(this.where, this.locale)).observe($("draft"));
    $("composer").addEventListener("focusout", ({ relatedTarget }) => {
      if (!$("composer").contains(relatedTarget)) this.close();
    });
    document.addEventListener("keydown", (event) => {
      const isTaken = event.target.matches("input, select, textarea") || document.querySelector(":modal");
      if (event.key !== "/" || isTaken) return;
      event.preventDefault();
      show();
      this.focus();
      if (!this.command && !this.tail.value) this.write(this.tail, "/");
    });
  }

  // What is drafted

  get tail() {
    return $("draft").querySelector(".tail");
  }
  get fields() {
    return [...$("draft").querySelectorAll(".value")];
  }
  get called() {
    const [name, ...path] = this.command.steps.map((each) => each.name);
    return { name, path };
  }
  get unused() {
    const used = this.fields.map((field) => field.option);
    return this.command.options.filter((option) => !used.includes(option));
  }

  focus() {
    this.tail.focus();
  }

  /** Write for this place in this language; a draft in another language is left. */
  address(where, locale) {
    if (locale !== this.locale) this.leave();
    Object.assign(this, { where, locale });
    const more = $("draft").clientWidth < ROOMY ? "type /" : "type / for commands";
    if (!this.command) this.tail.placeholder = `Message ${where} (${more})`;
  }

  leave() {
    this.close();
    this.command = null;
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

  begin(command, rest = "") {
    this.command = command;
    this.tail.placeholder = "";
    this.tail.setAttribute("aria-label", "Options");
    $("draft").prepend(h("span", { class: "slash" }, typedAs(command, this.locale)));
    this.focus();
    this.write(this.tail, rest);
  }

  add(option, text = "") {
    const field = this.input("value", nameOf(option, this.locale));
    field.option = option;
    if (isNumber(option) && !option.choices && !option.autocomplete) field.inputMode = modeOf(option);
    if (option.max_length) field.maxLength = option.max_length;
    this.tail.before(h("span", { class: "pill" }, h("span", {}, nameOf(option, this.locale)), field));
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

  /** Bring the last command back, to be changed, or what could not be sent. */
  recall() {
    if (this.unsent) return this.bringBack();
    const used = this.previous(), command = used && this.commands.find((each) => isUsed(each, used));
    if (!command) return;
    this.begin(command);
    for (const [name, value] of Object.entries(used.options)) {
      const option = command.options.find((each) => each.name === name);
      if (option) this.add(option, textOf(option, value, this.locale));
    }
    this.close();
  }

  // The keyboard

  typed(field, how) {
    this.forgive(field);
    if (field === this.tail && !this.command) {
      const found = split(field.value, this.commands);
      if (found) return this.begin(found.command, found.rest);
    } else if (field === this.tail || !isText(field.option) || how === "insertFromPaste") {
      this.spread(field);
    }
    this.size(field);
    this.offer();
  }

  forgive(field) {
    field.closest(".pill")?.classList.remove("wrong");
    this.hint("");
  }

  /** Give each option that is named in a field's text a field of its own. */
  spread(field) {
    const { words, given } = parse(field.value, this.unused);
    if (given.length) field.value = words.trim();
    for (const { option, text } of given) this.add(option, text);
  }

  key(event) {
    if (event.isComposing) return; // Enter takes what an input method offers
    if (this.fading) this.hint("");
    const field = event.target, { picker } = this, open = picker.isOpen && picker.items.length > 0;
    const atStart = field.selectionStart === 0 && field.selectionEnd === 0;
    const isValue = field.matches(".value");
    const act = {
      ArrowDown: () => open && picker.step(1),
      ArrowUp: () => open ? picker.step(-1) : !this.command && !field.value && this.recall(),
      Enter: () => open && picker.active >= 0 && !this.isWritten(field) && picker.marked.pick(),
      Tab: () => !event.shiftKey && (open ? (picker.marked ?? picker.items[0]).pick() : isValue && this.focus()),
      Escape: () => this.escape(field),
      Backspace: () => atStart && (isValue ? !field.value : this.command !== null) && this.back(field),
    }[event.key];
    if (act && act() !== false) event.preventDefault();
  }

  /** Whether the field has what is marked in the list, to the letter: then there is nothing left to pick. */
  isWritten(field) {
    return field.matches(".value") && plain(field.value) === plain(this.picker.marked.name);
  }

  /** Close one thing: the list, the option, the words, the command. */
  escape(field) {
    if (this.picker.isOpen) this.close();
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
    this.suggestions.drop();
    if (field.matches(".value")) {
      return field.option.autocomplete ? this.offerSuggested(field) : this.offerValues(field);
    }
    if (!this.command) return this.offerCommands(field.value);
    const options = this.matching(this.unused, field.value);
    const items = options.map((option) =>
      this.item(option, () => {
        field.value = "";
        this.add(option);
      }, descriptionOf(option, this.locale))
    );
    this.picker.open("Options", items, field.value.trim() ? 0 : -1);
  }

  offerCommands(typed) {
    const items = this.commands.map((command) => ({
      name: typedAs(command, this.locale),
      description: descriptionOf(command.steps.at(-1), this.locale),
      pick: () => this.begin(command),
    })).filter(({ name }) => typed.startsWith("/") && plain(name).startsWith(plain(typed)));
    if (!items.length) return this.close();
    const whole = items.findIndex(({ name }) => plain(name) === plain(typed));
    this.picker.open(this.bot, items, Math.max(0, whole));
  }

  offerValues(field) {
    const choices = field.option.choices ?? [];
    const current = find(choices, field.value);
    const items = (current ? choices : this.matching(choices, field.value)).map((choice) =>
      this.item(choice, () => {
        this.write(field, nameOf(choice, this.locale));
        this.focus();
      })
    );
    this.picker.open(this.titleOf(field.option), items, Math.max(0, choices.indexOf(current)));
  }

  /** Offer what the function suggests for what is typed; its choices are those of the field from then on. */
  offerSuggested(field) {
    const title = this.titleOf(field.option);
    this.picker.wait(title);
    this.suggestions.want(() => this.draft(field), ({ choices = [], error }) => {
      field.suggested = choices;
      const items = choices.map((choice) => this.item(choice, () => this.take(field, choice)));
      this.picker.open(title, items, 0, error ? `${FAILED}: ${error}` : choices.length ? "" : NONE, Boolean(error));
    });
  }

  take(field, choice) {
    this.forgive(field);
    field.value = nameOf(choice, this.locale);
    this.size(field);
    this.focus();
  }

  titleOf(option) {
    return `${nameOf(option, this.locale)}: ${descriptionOf(option, this.locale)}`;
  }

  matching(list, typed) {
    return list.filter((each) => plain(nameOf(each, this.locale)).startsWith(plain(typed)));
  }

  item(each, pick, description = "") {
    return { name: nameOf(each, this.locale), description, pick };
  }

  close() {
    this.suggestions.drop();
    this.picker.close();
  }

  /** Say something that goes by itself, and with the next key. */
  remark(text) {
    this.hint(text);
    this.fading = setTimeout(() => this.hint(""), PASSING);
  }

  hint(text) {
    clearTimeout(this.fading);
    this.fading = 0;
    $("hint").textContent = text;
  }

  // What is sent

  /** Return the options, or throw an Error that says what would be right, with the field where it is wrong. */
  options() {
    this.settle();
    const options = {};
    for (const field of this.fields) {
      try {
        options[field.option.name] = this.value(field);
      } catch (error) {
        field.closest(".pill").classList.add("wrong");
        throw Object.assign(error, { field });
      }
    }
    const { needsFile } = this.command;
    if (needsFile) throw new Error(`${nameOf(needsFile, this.locale)}: ${NO_FILES}`);
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

  /** Return what has been typed so far, right or wrong: with it the function suggests a value for a field. */
  draft(focused) {
    const others = this.fields.filter((field) => field !== focused && field.value);
    const options = Object.fromEntries(others.map((field) => [field.option.name, this.soFar(field)]));
    const { name } = focused.option;
    return { ...this.called, options: { ...options, [name]: focused.value }, focused: name };
  }

  soFar(field) {
    try {
      return this.value(field);
    } catch {
      return field.value;
    }
  }

  value({ option, value, suggested }) {
    return valueOf(option, value, this.locale, suggested);
  }

  async submit() {
    const found = this.command ? null : split(`${this.tail.value} `, this.commands);
    if (found) this.begin(found.command, found.rest);
    try {
      const send = this.ready();
      if (send) await this.deliver(send);
    } catch (error) {
      this.close();
      error.field?.focus();
      this.hint(`${error instanceof TypeError ? "Not sent" : error.message}${error.cure ?? ""}`);
    }
  }

  /** Return what sends the draft, if there is one, or throw an Error like options(). */
  ready() {
    const text = this.tail.value;
    if (!this.command) return text.trim() && (() => this.say(text).then(() => this.remark(NO_OTHER)));
    const used = { ...this.called, options: this.options() };
    return () => this.send(used);
  }

  /** Empty the box and send; what could not be sent comes back, or waits for Up if something is typed by then. */
  async deliver(send) {
    const draft = { command: this.command, nodes: [...$("draft").childNodes] };
    this.leave();
    this.focus();
    try {
      await send();
    } catch (error) {
      this.unsent = draft;
      if (this.command || this.tail.value) throw Object.assign(error, { cure: IN_RESERVE });
      this.bringBack();
      throw error;
    }
  }

  bringBack() {
    const { command, nodes } = this.unsent, hadFocus = $("draft").contains(document.activeElement);
    Object.assign(this, { command, unsent: null });
    $("draft").replaceChildren(...nodes);
    this.address(this.where, this.locale);
    if (hadFocus) (this.fields.at(-1) ?? this.tail).focus();
    this.close();
  }
}
