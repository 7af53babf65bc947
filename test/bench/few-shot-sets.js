import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

/** Label of a row from the source's own, and the events that a label must have to take part. */
const SETS = {
  fail2ban: { labelOf: (native) => native.replace(/-journal$/, ''), minEvents: 8 },
  pganalyze: { labelOf: chapterOf, minEvents: 2 },
  crowdsec: { labelOf: (native) => native.split(';')[0].replace('log_type=', ''), minEvents: 4 },
  codebasics: { labelOf: (native) => native, minEvents: 2 },
};

/** Rows of one event that are scored at most: a frequent one is not to decide all. */
const MAX_TEST_ROWS = 3;

/** pganalyze's classifications have one event each, so that its chapters of them are the labels that events can be held out of. */
function chapterOf(native) {
  if (native.startsWith('SERVER_')) return 'server';
  if (native.includes('CONNECTION')) return 'connections';
  if (/^(?:CHECKPOINT|RESTARTPOINT|WAL)_/.test(native)) return 'wal';
  if (/^AUTO|VACUUM/.test(native)) return 'autovacuum';
  if (native.startsWith('LOCK_')) return 'locks';
  if (native.startsWith('STATEMENT_')) return 'statements';
  if (native.startsWith('STANDBY_')) return 'standby';
  return native.endsWith('CONSTRAINT_VIOLATION') ? 'constraint violations' : 'application errors';
}

/** Rows `{message, label, event}` of each set, of labels with enough events. */
export function readSets(folder) {
  return Object.entries(SETS).map(([name, { labelOf, minEvents }]) => {
    const rows = parse(readFileSync(join(folder, `${name}.csv`)), { columns: true })
      .filter((row) => row.native_label !== '')
      .map(({ message, native_label: native, event }) => ({ message, label: labelOf(native), event }));
    const events = groupBy(rows, ({ label }) => label);
    const isIn = ({ label }) => new Set(events.get(label).map(({ event }) => event)).size >= minEvents;
    return { name, rows: rows.filter(isIn) };
  });
}

/**
 * Holds out half of each label's events. Of the rest, k rows a label, one event after the other, so that the 8 rows are
 * among the 32 and these among the 128. No event is on both sides.
 */
export function split(rows, ks, random) {
  const labels = groupBy(rows, ({ label }) => label);
  const held = new Set();
  const seen = new Set();
  for (const label of [...labels.keys()].toSorted((a, b) => (a < b ? -1 : 1))) {
    const events = shuffle([...new Set(labels.get(label).map(({ event }) => event))], random);
    // an event of two labels stays where the first of them has put it
    const wanted = Math.max(1, Math.floor(events.length / 2)) - events.filter((event) => held.has(event)).length;
    const open = events.filter((event) => !held.has(event) && !seen.has(event));
    for (const [at, event] of open.entries()) (at < wanted ? held : seen).add(event);
  }
  const test = byLabelAndEvent(rows, held, random).flatMap((own) => own.slice(0, MAX_TEST_ROWS));
  const eventsOf = groupBy(byLabelAndEvent(rows, seen, random), ([row]) => row.label);
  const ordered = [...eventsOf.values()].map(inTurns);
  return {
    test: test.filter(({ label }) => eventsOf.has(label)),
    train: new Map(ks.map((k) => [k, ordered.flatMap((own) => own.slice(0, k))])),
  };
}

function byLabelAndEvent(rows, events, random) {
  const chosen = shuffle([...rows], random).filter(({ event }) => events.has(event));
  return [...groupBy(chosen, ({ label, event }) => JSON.stringify([label, event])).values()];
}

/** The first row of each event, then the second of each, and so on. */
function inTurns(events) {
  const longest = Math.max(...events.map((rows) => rows.length));
  return Array.from({ length: longest }, (_, turn) => events.flatMap((rows) => rows.slice(turn, turn + 1))).flat();
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const own = groups.get(keyOf(item));
    if (own) own.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function shuffle(items, random) {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}
