import { getJson } from './api.js';
import { acceptDrops } from './drops.js';
import { everyNow } from './every-now.js';
import { label } from './labelling.js';
import { createTally, ROWS_A_LABEL } from './tally.js';
import { bytes, count, element, renderBars, renderHistogram, renderMeanings, rowElement } from './view.js';

const EXAMPLE = [
  'sshd[2214]: Failed password for invalid user oracle from 198.51.100.77 port 51234 ssh2',
  'kernel: Out of memory: Killed process 7193 (java) total-vm:8123456kB, anon-rss:6012345kB',
  '203.0.113.24 - - [02/Mar/2026:08:00:01 +0000] "GET /cart/1842 HTTP/1.1" 200 5120',
  'ERROR: Database timeout after 30000 ms while waiting for a connection from the pool',
  'systemd[1]: Started Session 12 of user deploy.',
  'java.lang.NullPointerException: Cannot invoke "Order.total()" because "order" is null',
  'certificate for api.example.com expires in 3 days',
  'nightly backup of volume vol-17 finished, 4182 files',
].join('\n');

const at = (id) => document.getElementById(id);
const form = at('form');
let running;
let tally = createTally();
let chosen;
let shown = 0;
let downloadUrl;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const lines = at('lines').value;
  if (lines.trim() === '')
    return showError(new Error('There is nothing to label yet: paste some lines or choose a file.'));
  void run(new Blob([lines]), 'pasted lines');
});
at('file').addEventListener('change', ({ target }) => {
  const [file] = target.files;
  if (file) void run(file, file.name);
  target.value = '';
});
at('lines').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
at('example').addEventListener('click', () => {
  at('lines').value = EXAMPLE;
  form.requestSubmit();
});
at('stop').addEventListener('click', () => running?.abort());
at('all').addEventListener('click', () => choose(undefined));
acceptDrops(at('drop'), (file) => void run(file, file.name));
void showEngine();

async function run(input, name) {
  running?.abort();
  const own = new AbortController();
  running = own;
  start();
  const parts = [];
  const startedAt = performance.now();
  let extension = 'csv';
  let read = 0;
  const state = (text, size) => {
    const seconds = (performance.now() - startedAt) / 1000;
    const rate = Math.round(tally.rows() / Math.max(seconds, 0.001));
    at('state').textContent = `${text} ${name}: ${count(tally.rows())} rows, ${size}, ${count(rate)} rows/s`;
  };
  const part = () => `${bytes(read)} of ${bytes(input.size)}`;
  const paint = everyNow(() => {
    at('progress').value = input.size > 0 ? read / input.size : 1;
    state('Labelling', part());
    renderSummary();
  });
  try {
    const options = { column: at('column').value || undefined, token: at('token').value, signal: own.signal };
    for await (const { bytes: sofar, event } of label(input, options)) {
      read = sofar;
      if (event.head !== undefined) {
        parts.push(toBytes(event.head));
        at('reason').textContent = `Read as ${event.reason}`;
        extension = { tsv: 'tsv', jsonl: 'jsonl' }[event.format] ?? 'csv';
      }
      if (event.rows) {
        parts.push(toBytes(event.output));
        addRows(event);
      }
      if (parts.length > 256) parts.splice(0, parts.length, new Blob(parts));
      paint.soon();
    }
    paint.stop();
    at('progress').value = 1;
    renderSummary();
    state('Labelled', bytes(input.size));
    offer(
      parts,
      `${name
        .replace(/\.gz$/, '')
        .replace(/\.[^.]+$/, '')
        .replace(/\s+/g, '-')}-labelled.${extension}`,
    );
  } catch (error) {
    paint.stop();
    renderSummary();
    if (own.signal.aborted) state('Stopped', part());
    else {
      state('Broke off', part());
      at('run').hidden = tally.rows() === 0;
      showError(error);
    }
  } finally {
    if (running === own) at('stop').hidden = true;
  }
}

function start() {
  tally = createTally();
  chosen = undefined;
  shown = 0;
  URL.revokeObjectURL(downloadUrl);
  for (const id of ['error', 'download', 'summary', 'result', 'all']) at(id).hidden = true;
  for (const id of ['run', 'stop']) at(id).hidden = false;
  at('reason').textContent = '';
  at('progress').value = 0;
  at('rows').replaceChildren();
  showRun();
}

/** On a phone it is below what was pasted. */
function showRun() {
  at('run').scrollIntoView({ block: 'nearest' });
}

function addRows({ first_row: first, rows }) {
  const fresh = document.createDocumentFragment();
  rows.forEach((row, index) => {
    const numbered = { ...row, number: first + index };
    tally.add(numbered);
    if (shown < ROWS_A_LABEL && (chosen === undefined || chosen === row.label)) {
      fresh.append(rowElement(numbered));
      shown += 1;
    }
  });
  at('rows').append(fresh);
}

function renderSummary() {
  const has = tally.rows() > 0;
  const isFirst = has && at('summary').hidden;
  for (const id of ['summary', 'result']) at(id).hidden = !has;
  if (!has) return;
  renderBars(at('labels'), tally.labels, { chosen, choose, coloured: true });
  renderBars(at('methods'), tally.methods);
  renderMeanings(at('meanings'), tally.methods);
  renderHistogram(at('confidence'), tally.confidence);
  const of = chosen === undefined ? tally.rows() : (tally.labels.get(chosen) ?? 0);
  const what = chosen === undefined ? 'rows' : `rows of ${chosen}`;
  at('shown').textContent =
    shown < of ? `The first ${count(shown)} of ${count(of)} ${what}; the download has all.` : `${count(of)} ${what}`;
  if (isFirst) showRun();
}

function choose(name) {
  chosen = name === chosen ? undefined : name;
  const rows = tally.sample(chosen);
  shown = rows.length;
  at('rows').replaceChildren(...rows.map(rowElement));
  at('all').hidden = chosen === undefined;
  renderSummary();
}

function offer(parts, name) {
  downloadUrl = URL.createObjectURL(new Blob(parts));
  const link = at('download');
  link.href = downloadUrl;
  link.download = name;
  link.hidden = false;
}

/** The server writes bytes as characters, so that none is lost on the way through JSON. */
function toBytes(characters) {
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}

function showError(error) {
  const place = at('error');
  place.replaceChildren(element('p', '', element('strong', '', error.message)));
  const asksForColumn = error.hint?.includes('?column=NAME') === true;
  // The hints of the API name what its callers can set; here that is a field.
  if (error.hint) place.append(element('p', '', error.hint.replace('?column=NAME', 'the field Message column')));
  place.hidden = false;
  if (error.status === 401 || asksForColumn) {
    at('options').open = true;
    at(asksForColumn ? 'column' : 'token').focus();
  }
  place.scrollIntoView({ block: 'nearest' });
}

async function showEngine() {
  try {
    const { in_use: used } = await getJson('models', at('token').value);
    at('engine').textContent = `${used.name} · ${used.embedder ?? 'rules only'}`;
  } catch {
    at('engine').textContent = '';
  }
}
