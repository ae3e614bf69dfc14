// The message box: a slash command with its options, from the definition that is registered with Discord.

import { $, h } from "./dom.js";

const INTEGER = 4, BOOLEAN = 5;
const NO_OTHER = "Only slash commands reach a bot like this one: type /";

export class Composer {
  constructor(definition, send) {
    this.definition = definition;
    this.send = send;
    this.locale = "en-US";
    this.where = "";
    this.items = [];
    this.active = -1;
    this.leave();
    $("draft").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    $("draft").addEventListener("keydown", (event) => this.key(event));
    $("draft").addEventListener("input", (event) => this.typed(event.target));
    $("draft").addEventListener("focusin", (event) => {
      if (event.target.matches("input")) this.offer();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!$("composer").contains(event.target)) this.close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.target.matches("input, select, textarea")) {
        event.preventDefault();
        this.focus();
        this.text("/");
      }
    });
  }

  // What is drafted

  get tail() {
    return $("draft").querySelector(".tail");
  }
  get pills() {
    return [...$("draft").querySelectorAll(".pill")];
  }
  get commanding() {
    return Boolean($("draft").querySelector(".slash"));
  }

  focus() {
    this.tail.focus();
  }
  place(where) {
    this.where = where;
    if (!this.commanding) this.tail.placeholder = `Message ${where} (type / for commands)`;
  }
  language(locale) {
    this.locale = locale;
    this.leave();
  }
  name(each) {
    return each.name_localizations?.[this.locale] ?? each.name;
  }
  description(each) {
    return each.description_localizations?.[this.locale] ?? each.description;
  }

  leave() {
    this.close();
    $("draft").replaceChildren(
      this.input("tail", "Message"),
      h("button", { type: "submit", class: "send", "aria-label": "Send" }, "➤"),
    );
    this.place(this.where);
  }

  input(className, label) {
    return h("input", {
      class: className,
      type: "text",
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": "picker-list",
      "aria-autocomplete": "list",
      "aria-label": label,
      spellcheck: "false",
      autocomplete: "off",
    });
  }

  text(value) {
    this.tail.value = value;
    this.typed(this.tail);
  }

  begin() {
    this.tail.value = "";
    this.tail.placeholder = "";
    this.tail.setAttribute("aria-label", "Options");
    $("draft").prepend(h("span", { class: "slash" }, `/${this.name(this.definition)}`));
    this.hint("");
    this.focus();
    this.offer();
  }

  add(option) {
    const field = this.input("value", this.name(option));
    field.option = option;
    if (option.type === INTEGER) field.inputMode = "numeric";
    if (option.max_length) field.maxLength = option.max_length;
    this.tail.value = "";
    this.tail.before(h("span", { class: "pill" }, h("span", { class: "name" }, this.name(option)), field));
    field.focus();
  }

  remove(pill) {
    pill.remove();
    this.focus();
    this.offer();
  }

  // The keyboard

  typed(field) {
    field.style.width = field.matches(".value") ? `${Math.max(3, field.value.length + 2)}ch` : "";
    field.closest(".pill")?.classList.remove("wrong");
    this.hint("");
    if (field === this.tail && !this.commanding && field.value === `/${this.name(this.definition)} `) {
      return this.begin();
    }
    if (field === this.tail && this.commanding && field.value.endsWith(":")) {
      const option = this.unused().find((each) => this.name(each) === field.value.slice(0, -1).trim());
      if (option) return this.add(option);
    }
    this.offer();
  }

  key(event) {
    const field = event.target;
    if (!field.matches("input")) return;
    const open = !$("picker").hidden && this.items.length > 0;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.mark(
        this.active < 0 && step < 0
          ? this.items.length - 1
          : (this.active + step + this.items.length) % this.items.length,
      );
    } else if (open && this.active >= 0 && (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey))) {
      event.preventDefault();
      this.items[this.active].pick();
    } else if (event.key === "Tab" && !event.shiftKey && field.matches(".value") && field.value) {
      event.preventDefault();
      this.focus();
    } else if (event.key === "Escape") {
      if (open) this.close();
      else this.leave();
      this.focus();
    } else if (
      event.key === "Backspace" && field.selectionStart === 0 && field.selectionEnd === 0 &&
      (field.matches(".value") ? !field.value : this.commanding)
    ) {
      event.preventDefault();
      this.back(field);
    }
  }

  back(field) {
    if (field.matches(".value")) return this.remove(field.closest(".pill"));
    const last = this.pills.at(-1);
    if (last) return last.querySelector("input").focus();
    this.leave();
    this.focus();
  }

  // The picker

  unused() {
    const used = new Set([...$("draft").querySelectorAll(".value")].map((field) => field.option.name));
    return this.definition.options.filter((option) => !used.has(option.name));
  }

  offer() {
    const field = document.activeElement;
    if (!$("draft").contains(field) || !field.matches("input")) return this.close();
    if (field.matches(".value")) return this.offerValues(field);
    if (!this.commanding) return this.offerCommand(field.value);
    const wanted = field.value.trim().toLowerCase();
    const options = this.unused().filter((option) => this.name(option).toLowerCase().startsWith(wanted));
    this.open(
      "Options",
      options.map((option) => ({
        name: this.name(option),
        text: this.description(option),
        pick: () => this.add(option),
      })),
      wanted ? 0 : -1,
    );
  }

  offerCommand(typed) {
    const name = `/${this.name(this.definition)}`;
    if (!typed.startsWith("/") || !name.startsWith(typed.trimEnd())) return this.close();
    this.open("mando", [{ name, text: this.description(this.definition), pick: () => this.begin() }], 0);
  }

  offerValues(field) {
    const { option } = field;
    const all = option.type === BOOLEAN
      ? [{ name: "True", value: true }, { name: "False", value: false }]
      : option.choices;
    if (!all) return this.open(`${this.name(option)}: ${this.description(option)}`, [], -1);
    const wanted = field.value.toLowerCase();
    const choices = all.filter((choice) =>
      this.name(choice).toLowerCase().startsWith(wanted) || this.chosen(field) !== undefined
    );
    const pick = (choice) => () => {
      field.value = this.name(choice);
      this.typed(field);
      this.focus();
    };
    const current = Math.max(0, choices.findIndex((choice) => this.name(choice) === field.value));
    this.open(
      `${this.name(option)}: ${this.description(option)}`,
      choices.map((choice) => ({ name: this.name(choice), text: "", pick: pick(choice) })),
      current,
    );
  }

  open(title, items, active) {
    this.items = items;
    $("picker-title").textContent = title;
    $("picker-list").replaceChildren(
      ...items.map((item, index) =>
        h(
          "li",
          {
            role: "option",
            id: `pick-${index}`,
            "aria-selected": "false",
            onpointerdown: (event) => {
              event.preventDefault();
              item.pick();
            },
          },
          h("span", { class: "name" }, item.name),
          item.text && h("span", { class: "text" }, item.text),
        )
      ),
    );
    $("picker-list").hidden = items.length === 0;
    $("picker").hidden = false;
    document.activeElement.setAttribute("aria-expanded", items.length > 0);
    this.mark(active);
  }

  mark(index) {
    this.active = index;
    const field = document.activeElement;
    [...$("picker-list").children].forEach((child, each) => child.setAttribute("aria-selected", each === index));
    if (index < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", `pick-${index}`);
    $("picker-list").children[index]?.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.items = [];
    this.active = -1;
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

  chosen(field) {
    const all = field.option.type === BOOLEAN
      ? [{ name: "True", value: true }, { name: "False", value: false }]
      : field.option.choices;
    return all?.find((choice) => this.name(choice) === field.value)?.value;
  }

  /** Return a field's value, or throw an Error that says what would be right. */
  value(field) {
    const { option } = field;
    if (option.type === BOOLEAN || option.choices) {
      const value = this.chosen(field);
      if (value === undefined) throw new Error(`${this.name(option)}: choose one of the list`);
      return value;
    }
    if (option.type !== INTEGER) {
      if (field.value.length < (option.min_length ?? 0)) {
        throw new Error(`${this.name(option)}: write something, or take the option away with Backspace`);
      }
      return field.value;
    }
    const number = Number(field.value);
    if (!/^-?\d+$/.test(field.value.trim()) || number < option.min_value || number > option.max_value) {
      throw new Error(`${this.name(option)}: a whole number from ${option.min_value} to ${option.max_value}`);
    }
    return number;
  }

  submit() {
    if (!this.commanding) {
      if (this.tail.value) this.hint(NO_OTHER);
      return;
    }
    const options = {};
    for (const pill of this.pills) {
      const field = pill.querySelector("input");
      try {
        options[field.option.name] = this.value(field);
      } catch (error) {
        pill.classList.add("wrong");
        this.hint(error.message);
        return field.focus();
      }
    }
    this.leave();
    this.focus();
    this.send(options);
  }
}
