const number = new Intl.NumberFormat('en');

/** Every text of a log goes in as text: nothing here writes markup. */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

export function count(value) {
  return number.format(value);
}

export function bytes(value) {
  if (value < 1000) return `${value} B`;
  if (value < 1e6) return `${(value / 1e3).toFixed(1)} kB`;
  return `${(value / 1e6).toFixed(1)} MB`;
}

const tones = new Map();

/** The same label has the same colour everywhere; those that come one after the other differ most (the golden angle). */
function tone(label) {
  if (!tones.has(label)) tones.set(label, `hsl(${Math.round(225 + tones.size * 137.5) % 360} 62% var(--dot-light))`);
  return tones.get(label);
}

export function percent(share) {
  if (share > 0 && share < 0.001) return '<0.1 %';
  return `${(share * 100).toFixed(1)} %`;
}

/**
 * Bars, the longest first.
 *
 * @param {Map<string, number>} counts
 * @param {{chosen?: string, choose?: (name: string) => void, coloured?: boolean}} options
 */
export function renderBars(place, counts, { chosen, choose, coloured } = {}) {
  const total = [...counts.values()].reduce((sum, value) => sum + value, 0);
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.name : undefined;
  const bars = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, value]) => {
      const track = element('span', 'track');
      track.style.setProperty('--share', String(value / total));
      if (coloured) track.style.setProperty('--tone', tone(name));
      const figures = element('span', 'count', `${count(value)} · ${percent(value / total)}`);
      const bar = element(choose ? 'button' : 'div', 'bar', element('span', 'name', name), track, figures);
      bar.dataset.name = name;
      if (choose) {
        bar.type = 'button';
        bar.setAttribute('aria-pressed', String(name === chosen));
        bar.addEventListener('click', () => choose(name));
      }
      return bar;
    });
  place.replaceChildren(...bars);
  if (focused !== undefined) bars.find((bar) => bar.dataset.name === focused)?.focus();
}

const MEANINGS = {
  regex: 'a rule',
  lexical_classifier: 'its words alone',
  embedding_classifier: 'its words and meaning',
  llm: 'a language model',
  fallback: 'nobody was sure: a best guess',
};

/** What the methods that occur are. */
export function renderMeanings(place, methods) {
  const entries = Object.entries(MEANINGS).filter(([name]) => methods.has(name));
  place.replaceChildren(
    ...entries.map(([name, meaning]) => element('div', '', element('dt', '', name), element('dd', '', meaning))),
  );
}

/** @param {number[]} bins Rows by confidence, from 0 to 1 in equal steps. */
export function renderHistogram(place, bins) {
  const most = Math.max(1, ...bins);
  const columns = bins.map((value, index) => {
    const column = element('span', value === 0 ? 'none' : '');
    column.style.setProperty('--share', String(value / most));
    column.title = `${(index / bins.length).toFixed(2)} to ${((index + 1) / bins.length).toFixed(2)}: ${count(value)} rows`;
    return column;
  });
  place.replaceChildren(...columns);
  const total = bins.reduce((sum, value) => sum + value, 0);
  const sure = bins.slice(bins.length / 2).reduce((sum, value) => sum + value, 0);
  place.setAttribute('aria-label', `${percent(total ? sure / total : 0)} of the rows have a confidence of 0.5 or more`);
}

/** @param {{number: number, message: string, label: string, confidence: number, method: string}} row */
export function rowElement(row) {
  const chip = element('span', 'chip', row.label);
  chip.style.setProperty('--tone', tone(row.label));
  const method = element('td', 'method', row.method);
  if (row.rule) method.append(element('small', '', row.rule));
  const text = element('td', 'text', element('div', 'message', row.message));
  if (row.template && row.template !== row.message) text.append(element('div', 'template', row.template));
  return element(
    'tr',
    '',
    element('td', 'row number', count(row.number)),
    text,
    element('td', 'label', chip),
    element('td', 'confidence number', row.confidence.toFixed(2)),
    method,
  );
}
