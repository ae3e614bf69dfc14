// Slash commands as text: their names in every language, what was typed or pasted, and what is sent of it. No DOM.

const BRANCHES = [1, 2]; // subcommands, and groups of them
const INTEGER = 4, BOOLEAN = 5, USER = 6, CHANNEL = 7, ROLE = 8, MENTIONABLE = 9, NUMBER = 10, ATTACHMENT = 11;
const GUILD_TEXT = 0; // what the one channel is
const NUMBERS = { [INTEGER]: /^\s*-?\d+\s*$/, [NUMBER]: /^\s*-?(\d+\.?\d*|\.\d+)\s*$/ };
const TRUTHS = [{ name: "True", value: true }, { name: "False", value: false }];

/** A text's letters alone, as they are compared: "Symétrie" is "symetrie", "@Ada" is "ada". */
export const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim().replace(/^[@#]/, "");

export const nameOf = (each, locale) => each.name_localizations?.[locale] ?? each.name;
export const descriptionOf = (each, locale) => each.description_localizations?.[locale] ?? each.description;
export const isNumber = (option) => option.type in NUMBERS;
/** What a phone's keyboard has for a number. */
export const modeOf = (option) => option.type === INTEGER ? "numeric" : "decimal";
export const isText = (option) => !isNumber(option) && !option.choices;

const isCalled = (each, text) =>
  [each.name, each.value, ...Object.values(each.name_localizations ?? {})].some((name) =>
    name != null && plain(String(name)) === plain(text)
  );
export const find = (list, text) => list?.find((each) => isCalled(each, text));

/**
 * What can be typed: each command, or in its place each of its subcommands, as {steps, options, needsFile}.
 *
 * steps are the definitions down to it; the options have their choices, people and the channel among them.
 */
export function commandsOf(definitions, { users, channel }) {
  const people = users.map(({ id, global_name }) => ({ name: `@${global_name}`, value: id }));
  const channels = ({ channel_types: types }) =>
    types?.length && !types.includes(GUILD_TEXT) ? [] : [{ name: `#${channel.name}`, value: channel.id }];
  const here = {
    [BOOLEAN]: () => TRUTHS,
    [USER]: () => people,
    [MENTIONABLE]: () => people,
    [CHANNEL]: channels,
    [ROLE]: () => [],
  };
  const own = ({ choices }) => choices?.length ? choices : undefined;
  const withChoices = (option) => ({ ...option, choices: (here[option.type] ?? own)(option) });
  const below = (steps) => {
    const options = steps.at(-1).options ?? [];
    const branches = options.filter((each) => BRANCHES.includes(each.type));
    if (branches.length) return branches.flatMap((each) => below([...steps, each]));
    const [files, others] = [true, false].map((is) => options.filter((each) => (each.type === ATTACHMENT) === is));
    return [{ steps, options: others.map(withChoices), needsFile: files.find((each) => each.required) }];
  };
  return definitions.flatMap((each) => below([each]));
}

/** How a command is typed: "/name", "/name sub" or "/name group sub". */
export const typedAs = ({ steps }, locale) => `/${steps.map((each) => nameOf(each, locale)).join(" ")}`;
export const isUsed = ({ steps }, { name, path }) =>
  steps.map((each) => each.name).join(" ") === [name, ...path].join(" ");

/** Split "/name sub and the rest" into the command and the rest; null if it begins with no command. */
export function split(text, commands) {
  const slash = text.match(/^\s*\/(.*)$/s);
  for (const command of slash ? commands : []) {
    const rest = command.steps.reduce(after, slash[1]);
    if (rest !== null) return { command, rest };
  }
  return null;
}

function after(text, step) {
  const [, word, rest] = text?.match(/^(\S+)\s+(.*)$/s) ?? [];
  return word && isCalled(step, word) ? rest : null;
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
  const choice = option.choices?.find((each) => each.value === value);
  return choice ? nameOf(choice, locale) : String(value);
}

/** The value that is sent for an option's text, or an Error that says what would be right. */
export function valueOf(option, text, locale, suggested = []) {
  const wrong = (cure) => new Error(`${nameOf(option, locale)}: ${cure}`);
  const choice = find(option.choices ?? suggested, text);
  if (choice) return choice.value;
  if (option.choices) throw wrong(option.choices.length ? "choose one of the list" : "there is none here to choose");
  return isNumber(option) ? numberOf(option, text, wrong) : wordsOf(option, text, wrong);
}

function wordsOf({ min_length: least, max_length: most }, text, wrong) {
  if (!text) throw wrong("write something, or take the option away with Backspace");
  if (text.length < (least ?? 0)) throw wrong(`at least ${least} characters`);
  if (text.length > (most ?? Infinity)) throw wrong(`at most ${most} characters`);
  return text;
}

function numberOf({ type, min_value: low, max_value: high }, text, wrong) {
  const number = Number(text);
  const isWithin = number >= (low ?? -Number.MAX_SAFE_INTEGER) && number <= (high ?? Number.MAX_SAFE_INTEGER);
  if (NUMBERS[type].test(text) && isWithin) return number;
  const from = low == null ? "" : ` from ${low}`, to = high == null ? "" : ` ${low == null ? "up " : ""}to ${high}`;
  throw wrong(`a ${type === INTEGER ? "whole " : ""}number${from}${to}`);
}
