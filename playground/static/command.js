// A slash command as text: its names in every language, what was typed or pasted, and what is sent of it. No DOM.

const INTEGER = 4, BOOLEAN = 5;
const TRUTHS = [{ name: "True", value: true }, { name: "False", value: false }];

/** A text's letters alone, as they are compared: "Symétrie" is "symetrie". */
export const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

export const nameOf = (each, locale) => each.name_localizations?.[locale] ?? each.name;
export const descriptionOf = (each, locale) => each.description_localizations?.[locale] ?? each.description;
export const choicesOf = (option) => option.type === BOOLEAN ? TRUTHS : option.choices;
export const isNumber = (option) => option.type === INTEGER;
export const isText = (option) => !isNumber(option) && !choicesOf(option);

const isCalled = (each, text) =>
  [each.name, each.value, ...Object.values(each.name_localizations ?? {})].some((name) =>
    name != null && plain(String(name)) === plain(text)
  );
export const find = (list, text) => list?.find((each) => isCalled(each, text));

/** Split "/mando and the rest" into the command and the rest; null if it begins with no such command. */
export function split(text, definition) {
  const [, name, rest] = text.match(/^\s*\/(\S+)\s(.*)$/s) ?? [];
  return name && isCalled(definition, name) ? rest : null;
}

/** Split "words name:value name:value" into the words and what each of these options gets. */
export function parse(text, options) {
  const found = [];
  for (const match of text.matchAll(/(?<!\S)(\S+?):/g)) {
    const option = find(options, match[1]);
    if (option && !found.some((each) => each.option === option)) {
      found.push({ option, at: match.index, from: match.index + match[0].length });
    }
  }
  const ends = [...found.slice(1).map((each) => each.at), text.length];
  return {
    words: text.slice(0, found[0]?.at ?? text.length),
    given: found.map(({ option, from }, index) => ({ option, text: text.slice(from, ends[index]).trim() })),
  };
}

/** A value that was sent, as it can be typed again. */
export function textOf(option, value, locale) {
  const choice = choicesOf(option)?.find((each) => each.value === value);
  return choice ? nameOf(choice, locale) : String(value);
}

/** The value that is sent for an option's text, or an Error that says what would be right. */
export function valueOf(option, text, locale) {
  const wrong = (cure) => new Error(`${nameOf(option, locale)}: ${cure}`);
  const choices = choicesOf(option);
  if (choices) {
    const choice = find(choices, text);
    if (!choice) throw wrong("choose one of the list");
    return choice.value;
  }
  if (!isNumber(option)) {
    if (text.length < (option.min_length ?? 0)) throw wrong("write something, or take the option away with Backspace");
    if (text.length > (option.max_length ?? Infinity)) throw wrong(`at most ${option.max_length} characters`);
    return text;
  }
  const number = Number(text);
  if (!/^\s*-?\d+\s*$/.test(text) || number < option.min_value || number > option.max_value) {
    throw wrong(`a whole number from ${option.min_value} to ${option.max_value}`);
  }
  return number;
}
