import { DELIMITER, HAS, SPACE, codeAt, codeBefore, codesOf, isAsciiLetter, isDigit, kindOf } from './characters.ts';
import { MOST_CODE_DIGITS } from './codes.ts';
import { SHORTEST_IPV4, maskInteger, numberEnd } from './numbers.ts';
import { placeholderEnd } from './placeholders.ts';
import { quotedValueEnd } from './quoted.ts';
import { headerEnd, timestampEnd } from './timestamps.ts';
import { addressEnd, maskToken, sizeUnitEnd } from './tokens.ts';

const END_OF_TOKEN = SPACE | DELIMITER;
const BEFORE_TIMESTAMP = codesOf('[(<-*');
const QUOTES = codesOf('"\'`');
const NEEDS_MASK = HAS.digit | HAS.slash | HAS.backslash | HAS.at | HAS.dot;
const AFTER_TIMESTAMP = codesOf('])>|,;:-');
/** Characters between two tokens across which the first still says what the number in the second is: `status":404`. */
const CONTEXT_GAP = codesOf(':=#"([');
const MAX_CONTEXT_GAP = 4;
const CLOSING = new Map([
  ['[', ']'],
  ['(', ')'],
  ['<', '>'],
]);
const WORD_AND_STOP = HAS.letter | HAS.dot;
const IN_DECIMAL = HAS.digit | HAS.dot | HAS.colon;
const NUMBER = '<num>';
const OPEN_ANGLE = 60;
const COLON = 58;
const NEW_LINE = 10;

/** One pass over one text. What needs no change is copied in long slices. */
export class TemplateScanner {
  private out = '';
  /** Text before this index is in `out`. */
  private copied = 0;
  private at = 0;
  /** Whether only punctuation and timestamps have been seen on this line. */
  private blank = true;
  /** The last token as the template has it, and where it ends in the text. */
  private last = '';
  private lastStart = -1;
  private lastEnd = 0;
  private readonly text: string;

  /** @param text Short: look-ahead is bounded by its length alone. */
  constructor(text: string) {
    this.text = text;
  }

  run(): string {
    const { text } = this;
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at);
      const kind = kindOf(code);
      if (kind === SPACE) this.skipSpace(code);
      else if (code === COLON && codeAt(text, this.at + 1) !== COLON) this.skipDelimiter(code);
      else if (kind !== DELIMITER) {
        if (!this.takeTimestamp()) this.takeToken();
      } else if (code === OPEN_ANGLE && placeholderEnd(text, this.at) !== -1) this.takeToken();
      else if (!(QUOTES.has(code) && this.takeQuoted())) this.skipDelimiter(code);
    }
    return (this.out + text.slice(this.copied)).trimEnd();
  }

  private skipDelimiter(code: number): void {
    if (!BEFORE_TIMESTAMP.has(code)) this.blank = false;
    this.at++;
  }

  private skipSpace(code: number): void {
    const start = this.at;
    let end = start + 1;
    let isNewLine = code === NEW_LINE;
    while (end < this.text.length && kindOf(this.text.charCodeAt(end)) === SPACE) {
      if (this.text.charCodeAt(end) === NEW_LINE) isNewLine = true;
      end++;
    }
    this.at = end;
    if (isNewLine) this.blank = true;
    const isPlain =
      code === 32 && end === start + 1 && end < this.text.length && !(this.blank && start === this.copied);
    if (isPlain) return;
    this.out += this.text.slice(this.copied, start);
    this.copied = end;
    if (end < this.text.length && this.out !== '' && !this.out.endsWith(' ')) this.out += ' ';
  }

  private takeQuoted(): boolean {
    const end = quotedValueEnd(this.text, this.at, this.copied, codeBefore(this.out, this.out.length));
    if (end === -1) return false;
    this.replace(this.at, end, '<str>');
    return true;
  }

  private takeTimestamp(): boolean {
    const start = this.at;
    const end = timestampEnd(this.text, start, this.blank);
    if (end === -1) return false;
    if (!this.blank || !endsTimestamp(codeAt(this.text, end))) this.replace(start, end, '<time>');
    else this.dropHeader(start, end);
    return true;
  }

  /** A timestamp in front says nothing about what happened, nor do its brackets and the host name of syslog after it. */
  private dropHeader(start: number, end: number): void {
    const before = this.out + this.text.slice(this.copied, start);
    this.out = before.trimEnd();
    const closing = CLOSING.get(this.out.at(-1) ?? '');
    if (closing !== undefined && this.text[end] === closing) {
      this.out = this.out.slice(0, -1).trimEnd();
      end++;
    }
    const isInBrackets = CLOSING.has(this.out.at(-1) ?? '') && !before.endsWith(' ');
    if (this.out !== '' && !isInBrackets) this.out += ' ';
    this.copied = this.at = headerEnd(this.text, start, end);
  }

  private takeToken(): void {
    const { text, at: start } = this;
    let end = start;
    let flags = 0;
    while (end < text.length) {
      const code = text.charCodeAt(end);
      const kind = kindOf(code);
      if ((kind & END_OF_TOKEN) === 0) {
        flags |= kind;
        end++;
        continue;
      }
      const skip = code === OPEN_ANGLE ? placeholderEnd(text, end) : -1;
      if (skip === -1) break;
      flags |= HAS.placeholder;
      end = skip;
    }
    const next = end;
    while (end > start + 1 && isSentenceEnd(text.charCodeAt(end - 1))) end--;
    if (this.blank && !(end === start + 1 && BEFORE_TIMESTAMP.has(text.charCodeAt(start)))) this.blank = false;
    const isWord = (flags & NEEDS_MASK) === 0 || (flags === WORD_AND_STOP && text.indexOf('.', start) >= end);
    if (!isWord && this.mask(start, end, flags)) return;
    this.lastStart = start;
    this.lastEnd = end;
    this.at = next;
  }

  private mask(start: number, end: number, flags: number): boolean {
    const isInteger = flags === HAS.digit;
    const mayBeCode = isInteger ? end - start <= MOST_CODE_DIGITS : startsLikeNumber(this.text.charCodeAt(start));
    const before = mayBeCode ? this.context(start) : '';
    let masked = NUMBER;
    if (before !== '' || !(isInteger || this.isDecimal(start, end, flags))) {
      const token = this.text.slice(start, end);
      masked = isInteger ? maskInteger(token, before) : maskToken(token, flags, before);
      if (masked === token) return false;
    }
    if (masked === '<url>' || masked === '<path>') end = addressEnd(this.text, start, end);
    else if (masked === NUMBER) end = sizeUnitEnd(this.text, end);
    this.replace(start, end, masked);
    return true;
  }

  /** `0.5`, `12:30`, `12:`: told apart without a look at addresses. */
  private isDecimal(start: number, end: number, flags: number): boolean {
    return (flags & ~IN_DECIMAL) === 0 && end - start < SHORTEST_IPV4 && numberEnd(this.text, start) === end;
  }

  /** The last token, if what stands between lets it say what a number at `start` is. */
  private context(start: number): string {
    let gap = 0;
    for (let i = this.lastEnd; i < start; i++) {
      const code = this.text.charCodeAt(i);
      if (kindOf(code) === SPACE) continue;
      if (!CONTEXT_GAP.has(code) || ++gap > MAX_CONTEXT_GAP) return '';
    }
    const said = this.lastStart === -1 ? codeBefore(this.last, this.last.length) : codeBefore(this.text, this.lastEnd);
    if (!isAsciiLetter(said) && !mayBeVersion(said)) return '';
    return this.lastStart === -1 ? this.last : this.text.slice(this.lastStart, this.lastEnd);
  }

  private replace(start: number, end: number, template: string): void {
    this.out += this.text.slice(this.copied, start) + template;
    this.copied = this.at = this.lastEnd = end;
    this.last = template;
    this.lastStart = -1;
    this.blank = false;
  }
}

function isSentenceEnd(code: number): boolean {
  return code === 46 || code === 58 || code === 33 || code === 63;
}

/** Whether the timestamp before is not a part of something longer. */
function endsTimestamp(next: number): boolean {
  return kindOf(next) === SPACE || AFTER_TIMESTAMP.has(next);
}

/** A digit or a sign. */
function startsLikeNumber(code: number): boolean {
  return isDigit(code) || code === 45 || code === 43;
}

/** The end of `HTTP/1.1` or of its template. */
function mayBeVersion(code: number): boolean {
  return isDigit(code) || code === 62;
}
