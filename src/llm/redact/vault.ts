import { placeholders } from '../../template/placeholders.ts';

/** What kind of thing was hidden; the placeholder is `<kind-1>`, `<kind-2>` ... */
export type SecretKind = 'secret' | 'email' | 'card' | 'account' | 'phone' | 'ip' | 'mac' | 'user' | 'host';

/** @returns One character that stands in for `value` until the vault is opened. */
export type Hide = (kind: SecretKind, value: string) => string;

export interface Vault {
  /** The text with each placeholder of a template as one hidden character. */
  readonly text: string;
  readonly hide: Hide;
  open(text: string): string;
}

/**
 * While detectors are at work, what is hidden is one private-use character, so that no pattern can match half of a
 * placeholder and every pattern can tell by `HIDDEN` that a token has one in it.
 */
export const HIDDEN = '\\ue000-\\uf8ff';
const FIRST = 0xe000;
const CAPACITY = 0xf8ff - FIRST;

interface Entry {
  readonly kind: SecretKind | 'template';
  readonly value: string;
}

export function createVault(text: string): Vault {
  const entries: Entry[] = [];
  const indexes = new Map<string, number>();

  function keep(kind: Entry['kind'], value: string): string {
    const key = `${kind} ${value}`;
    let index = indexes.get(key);
    if (index === undefined) {
      index = Math.min(entries.length, CAPACITY); // beyond it they share the last one, which is hidden all the same
      entries[index] ??= { kind, value };
      indexes.set(key, index);
    }
    return String.fromCharCode(FIRST + index);
  }

  return {
    text: text
      .replace(/[\ue000-\uf8ff]/g, ' ')
      .replace(/<[a-z]{2,8}>/g, (word) => (Object.hasOwn(placeholders, word) ? keep('template', word) : word)),
    hide: keep,
    open(closed) {
      const numbers = new Map<Entry, number>();
      const used = new Map<string, number>();
      return closed.replace(/[\ue000-\uf8ff]/g, (character) => {
        const entry = entries[character.charCodeAt(0) - FIRST];
        if (entry === undefined) return '';
        if (entry.kind === 'template') return entry.value;
        let number = numbers.get(entry);
        if (number === undefined) {
          number = (used.get(entry.kind) ?? 0) + 1;
          used.set(entry.kind, number);
          numbers.set(entry, number);
        }
        return `<${entry.kind}-${number}>`;
      });
    },
  };
}
