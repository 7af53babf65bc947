/** As much of an event as is classified: what a template is made of at most. */
const MAX_CHARS = 2000;

/** What fits is left as it is: an encoder reads about so much. */
const NATURAL_CHARS = 640;

/** Otherwise so much of the first rows and of the last rows comes first. */
const END_CHARS = 320;

/** The rows of an event as one text to classify, in a bounded amount of memory. */
export interface EventText {
  add(text: string): void;
  /**
   * The rows, one a line. Of a long event what comes first and what comes last stands in front, for there it says what
   * happened (Java begins with the exception, Python ends with it), and the rest behind, as far as it fits.
   */
  join(): string;
}

export function createEventText(first: string): EventText {
  let head = first.slice(0, MAX_CHARS);
  /** The last rows; those of `head` too, while it holds all rows. */
  let tail: string[] = [];
  let tailChars = 0;
  let isWhole = first.length <= MAX_CHARS;
  return {
    add(text) {
      if (head.length + text.length < MAX_CHARS) head += `\n${text}`;
      else {
        isWhole = false;
        if (head.length < MAX_CHARS) head = `${head}\n${text}`.slice(0, MAX_CHARS);
      }
      const kept = text.slice(0, END_CHARS);
      tail.push(kept);
      tailChars += kept.length + 1;
      while (tailChars - (tail[0] ?? '').length - 1 >= END_CHARS) tailChars -= (tail.shift() ?? '').length + 1;
    },
    join() {
      if (isWhole && head.length <= NATURAL_CHARS) return head;
      const border = head.lastIndexOf('\n', END_CHARS);
      const from = border > 0 ? border : Math.min(head.length, END_CHARS);
      const last = tail.join('\n').trimEnd();
      return `${head.slice(0, from)}\n${last}${head.slice(from)}`.slice(0, MAX_CHARS);
    },
  };
}
