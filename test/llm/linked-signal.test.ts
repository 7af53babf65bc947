import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { linkSignals } from '../../src/llm/linked-signal.ts';

test('the first source to abort gives its reason', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const { signal } = linkSignals(one.signal, other.signal);
  other.abort('other');
  one.abort('one');
  expect(signal.reason).toBe('other');
});

test('a source that is aborted already aborts at once', () => {
  expect(linkSignals(AbortSignal.abort('before')).signal.reason).toBe('before');
});

test('once unlinked it holds on to nothing and hears nothing', () => {
  const source = new AbortController();
  const linked = linkSignals(source.signal);
  linked.unlink();
  source.abort();
  expect(linked.signal.aborted).toBe(false);
  expect(getEventListeners(source.signal, 'abort')).toEqual([]);
});
