/* The words of the page, handed over by the portal in the language of the agent. */

let texts = {};

export function useTexts(dictionary) {
  texts = dictionary;
}

/** The sentence for `key`, with each `{name}` filled in from `values`. */
export function say(key, values = {}) {
  return fill(texts[key] ?? key, values);
}

/** Like `say`, from `key_one` or `key_many`; `{count}` is filled in. */
export function sayCount(key, count, values = {}) {
  return say(count === 1 ? `${key}_one` : `${key}_many`, { count, ...values });
}

export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}
