/** Label names and values of one time series. */
export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(labels: Labels, by?: number): void;
}

export interface Timer {
  /** Counts `weight` observations of `seconds`. */
  observe(labels: Labels, seconds: number, weight?: number): void;
}

/** Metrics in the text format of Prometheus, version 0.0.4. */
export interface Metrics {
  counter(name: string, help: string): Counter;
  histogram(name: string, help: string): Timer;
  /** A value, or values by labels, that are looked up when the metrics are read. */
  read(
    name: string,
    kind: 'gauge' | 'counter',
    help: string,
    look: () => number | ReadonlyArray<readonly [Labels, number]>,
  ): void;
  render(): string;
}

/** Upper bounds in seconds: from a known template in a batch to an LLM that takes its time. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** Time series of one metric at most; whatever comes beyond is not counted. */
const MAX_SERIES = 1000;

export function createMetrics(): Metrics {
  const sections: Array<() => string[]> = [];

  function section(name: string, kind: string, help: string, lines: () => string[]): void {
    sections.push(() => [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...lines()]);
  }

  return {
    counter(name, help) {
      const series = new Map<string, number>();
      section(name, 'counter', help, () => [...series].map(([labels, value]) => `${name}${labels} ${value}`));
      return {
        add(labels, by = 1) {
          const key = render(labels);
          const value = series.get(key);
          if (value !== undefined || series.size < MAX_SERIES) series.set(key, (value ?? 0) + by);
        },
      };
    },
    histogram(name, help) {
      const series = new Map<string, { labels: Labels; counts: Float64Array; sum: number }>();
      section(name, 'histogram', help, () => [...series.values()].flatMap((one) => renderHistogram(name, one)));
      return {
        observe(labels, seconds, weight = 1) {
          const key = render(labels);
          let one = series.get(key);
          if (one === undefined) {
            if (series.size >= MAX_SERIES) return;
            one = { labels, counts: new Float64Array(BUCKETS.length + 1), sum: 0 };
            series.set(key, one);
          }
          const bucket = BUCKETS.findIndex((bound) => seconds <= bound);
          const index = bucket === -1 ? BUCKETS.length : bucket;
          one.counts[index] = (one.counts[index] ?? 0) + weight;
          one.sum += seconds * weight;
        },
      };
    },
    read(name, kind, help, look) {
      section(name, kind, help, () => {
        const found = look();
        if (typeof found === 'number') return [`${name} ${found}`];
        return found.map(([labels, value]) => `${name}${render(labels)} ${value}`);
      });
    },
    render: () => `${sections.flatMap((lines) => lines()).join('\n')}\n`,
  };
}

function renderHistogram(
  name: string,
  { labels, counts, sum }: { labels: Labels; counts: Float64Array; sum: number },
): string[] {
  let seen = 0;
  const buckets = Array.from(counts, (count, index) => {
    seen += count;
    return `${name}_bucket${render({ ...labels, le: String(BUCKETS[index] ?? '+Inf') })} ${seen}`;
  });
  return [...buckets, `${name}_sum${render(labels)} ${sum}`, `${name}_count${render(labels)} ${seen}`];
}

function render(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
