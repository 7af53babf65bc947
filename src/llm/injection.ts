import type { LabelMeaning } from '../types.ts';

/**
 * Whether a text looks as if it was written for the model rather than by a program: it then gets a call of its own, so
 * that a model that falls for it can mislabel this one text and no neighbour. A wrong suspicion costs one call.
 */
export function speaksToTheModel(text: string, labels: readonly LabelMeaning[]): boolean {
  return (
    instruction.test(text) ||
    instruction.test(plainLetters(text)) ||
    markup.test(text) ||
    spelledOut.test(text) ||
    answerShape.test(text) ||
    labels.some(({ label }) => isName(label) && text.toLowerCase().includes(label.toLowerCase())) ||
    otherScripts.test(text)
  );
}

/** Words that give orders about instructions, answers and labels, in the languages that models obey most. */
const instruction =
  /\b(?:ignor(?:e[rnz]?|a|ez|iere[n]?)|disregard|forget|overrid(?:e|ing)|bypass|pretend|instead of|you (?:are|must|should|will)|act as|as an? (?:ai|assistant|model)|prompts?|instructions?|jailbreak|classif(?:y|ier|ication)|categori[sz]e|label(?:s|ed|ing)?(?!["'\\]*\s*[:=])|answers?|respond|reply|output (?:only|exactly|the)|previous (?:lines?|messages?|rules?|text)|(?:above|following|other|next|all) (?:lines?|logs?|entries|items|messages)|json only|system ?: |assistant ?: |user ?: |chatgpt|gpt-|llm|language model|reasoning|olvida|oublie[zr]?|vergiss|instruc(?:ciones|oes|ções)|anweisung(?:en)?|etiquet(?:a|te)s?|antworte)\b/i;

/** Marks by which chats are put together, and ends of the block that the text stands in. */
const markup =
  /<\/?(?:system|assistant|user|human|log|logs|data|instructions?|im_start|im_end)\b|<\||\|>|\[\/?INST\]|<<SYS>>|^#{2,} |```|---\s*end|end of (?:log|data|input)/i;

/** Pieces of the question's and of the answer's JSON. */
const answerShape = /\\*["'](?:answers?|label|log|n|role|content)\\*["']\s*:|\bn\s*[=:]\s*\d+\s*,|\\u00[2-7][\da-f]/i;

/** Enough letters of a script other than Latin to be a sentence, or letters that only look Latin. */
const otherScripts = /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]{2,}|[\u{1d400}-\u{1d7ff}\uff21-\uff5a]/u;

/** Letters one by one, as people write past filters: `i g n o r e`, `i-g-n-o-r-e`. */
const spelledOut = /(?<![\p{L}\d])(?:\p{L}[ ._*-]){5,}\p{L}(?!\p{L})/u;

/** Digits and signs that stand for letters, back as letters; accents gone. */
function plainLetters(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[013457@$!|]/g, (sign) => lookalikes[sign] ?? sign);
}

const lookalikes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
};

/** A label of one plain word (`network`) is in any log; one that is put together (`auth_failure`) is in none. */
function isName(label: string): boolean {
  return /[^\p{L}]/u.test(label);
}
